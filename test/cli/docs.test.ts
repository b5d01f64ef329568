import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { runMain } from './run-main.ts'

const page = readFileSync('docs/cli.md', 'utf8')

it.each([[], ...COMMANDS.map(({ name }) => [name])])('docs/cli.md has the help page of %j word for word', async (...argv) => {
  const { stdout } = await runMain(process.cwd(), [...argv, '--help'])
  expect(page).toContain(`\n\`\`\`text\n${stdout}\`\`\`\n`)
})

it('docs/cli.md has a section for every command', () => {
  const sections = [...page.matchAll(/^## (\w+)$/gm)].map(([, name]) => name)
  expect(sections).toEqual([...COMMANDS.map(({ name }) => name), 'Environment'])
})
