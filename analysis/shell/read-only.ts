// Steps that do no more with files than read them: plain commands of the shell, and actions that upload or comment.
import type { Step } from '../workflow/step.ts'
import { commandsOf, programOf } from './step-commands.ts'

const PROGRAMS: ReadonlySet<string> = new Set((
  'echo printf cat head tail ls grep egrep fgrep rg wc sort uniq cut tr diff cmp test [ [[ jq yq gh git cd mkdir cp mv rm touch true false exit set export sha256sum md5sum stat du find file basename dirname date tee ' +
  'read shift local return pwd sleep unzip zip tar gzip base64 xargs mktemp column comm paste rev seq env realpath'
).split(' '))
const ACTIONS: ReadonlySet<string> = new Set([
  'actions/upload-artifact', 'actions/download-artifact', 'actions/checkout', 'actions/github-script', 'actions/labeler', 'actions/cache', 'actions/setup-node', 'actions/setup-python',
  'actions/setup-go', 'actions/setup-java', 'peter-evans/create-or-update-comment', 'marocchino/sticky-pull-request-comment', 'thollander/actions-comment-pull-request',
])
const ANY = /\S/

/** False for whatever is not known to only read. */
export function isReadOnly(step: Step): boolean {
  if (step.uses !== null) return ACTIONS.has(step.uses.name.toLowerCase())
  if (step.run === null) return step.steps.every(isReadOnly)
  const script = commandsOf(step, ANY)
  return script?.commands.every((command) => PROGRAMS.has(programOf(command))) ?? false
}
