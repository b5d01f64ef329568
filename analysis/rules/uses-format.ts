// Finds `uses` values that are no reference at their place: an action in a step, a workflow in a job, an image. Leaves out
// what the reference leads to (local-target), empty values (the schema rules) and refs that could be shorter or safer.
import type { Uses } from '../workflow/uses.ts'
import { hasExpression } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const WORKFLOW_FOLDER = '.github/workflows/'
const WORKFLOW_FILE = /\.ya?ml$/

/** A constant expression is another rule's. */
const READS = /\$\{\{[^}]*\b(?:env|github|inputs|job|matrix|needs|runner|secrets|steps|strategy|vars)\s*[.[]/

export const usesFormat = defineRule({
  meta: {
    id: 'uses-format',
    summary: 'Write references that GitHub can read',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['action', 'workflow-call'] },
    messages: {
      expression: "'{text}' is given by an expression, and 'uses' takes none",
      action: "'{text}' is no action; use owner/repo@ref, owner/repo/path@ref, ./path or docker://image",
      workflow: "'{text}' is no reusable workflow; use owner/repo/.github/workflows/file.yml@ref or ./.github/workflows/file.yml",
      noRef: "'{text}' has no ref; write {text}@ and a tag, a branch or a commit",
      localRef: "'{text}' has a ref, and a local workflow is always taken from the same commit; remove '@{ref}'",
      folder: "'{text}' is not in .github/workflows, and GitHub calls workflows of that folder only",
      called: "'{text}' is a reusable workflow, and a step runs actions only; call it from a job",
      image: "'{text}' names no image; use docker://image, docker://image:tag or docker://image@digest",
    },
  },
  create(ctx) {
    return {
      uses(uses) {
        const message = uses.place === 'step' ? problemOfStep(uses) : problemOfCall(uses, ctx.file.path)
        if (message === null) return
        ctx.report({ message, at: uses.node, data: { text: uses.text, ref: uses.text.slice(uses.text.indexOf('@') + 1) } })
      },
    }
  },
})

type Problem = 'expression' | 'action' | 'workflow' | 'noRef' | 'localRef' | 'folder' | 'called' | 'image'

function problemOfStep({ form, text, name, repository }: Uses): Problem | null {
  if (text === '') return null
  switch (form) {
    case 'expression': return READS.test(text) ? 'expression' : null
    case 'local': case 'self': return null
    case 'docker': return isImage(text.slice('docker://'.length)) ? null : 'image'
    case 'invalid': return isName(text) ? 'noRef' : 'action'
    case 'repository':
      if (/\s/.test(text) || repository === '' || repository.endsWith('/')) return 'action'
      return name.slice(repository.length + 1).startsWith(WORKFLOW_FOLDER) && WORKFLOW_FILE.test(name) ? 'called' : null
  }
}

function problemOfCall({ form, text, name, repository, ref }: Uses, file: string): Problem | null {
  if (text === '') return null
  switch (form) {
    case 'expression': return READS.test(text) ? 'expression' : null
    case 'local': case 'self':
      if (text.includes('@')) return 'localRef'
      if (!WORKFLOW_FILE.test(text)) return 'workflow'
      // Elsewhere the file is a template or a test, and so may be what it calls.
      return file.startsWith(WORKFLOW_FOLDER) && !text.slice(2).startsWith(WORKFLOW_FOLDER) ? 'folder' : null
    case 'docker': return 'workflow'
    case 'invalid': return isName(text) && text.split('/').length > 2 ? 'noRef' : 'workflow'
    case 'repository': {
      const path = name.slice(repository.length + 1)
      return path === '' || ref === null || /\s/.test(text) || !WORKFLOW_FILE.test(path) ? 'workflow' : null
    }
  }
}

/** `owner/repo` or `owner/repo/path`. */
const isName = (text: string): boolean => /^[\w.-]+\/[\w.-]+(?:\/[\w./-]+)?$/.test(text) && !text.startsWith('.')

/** A name, then a tag or a digest that is not empty. */
const isImage = (text: string): boolean => hasExpression(text) || /^[^\s:@][^\s@]*(?<!:)(?:@[^\s@]+)?$/.test(text)
