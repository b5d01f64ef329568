// How places in scripts are quoted. A hole is written as § here.
import { describe, expect, it } from 'vitest'
import { quotingOf } from '../../../analysis/shell/quoting.ts'

function places(script: string, shell: string): readonly string[] {
  const holes = [...script.matchAll(/§/g)].map(({ index }) => ({ start: index, end: index + 1 }))
  return quotingOf(script, holes, shell)
}

describe('the quoting of a POSIX script', () => {
  it.each([
    ['double quotes', 'echo "a § b"', 'double'],
    ['single quotes', "echo 'a § b'", 'single'],
    ['a word', 'echo §', 'word'],
    ['a word behind a closed string', 'echo "a" §', 'word'],
    ['an escaped quote', 'echo "a \\" §"', 'double'],
    ['a comment', 'make # § here', 'comment'],
    ['a number sign inside a word', 'echo a#§', 'word'],
    ['double quotes inside a substitution', 'echo "$(git log "§")"', 'double'],
    ['a word inside a substitution', 'echo "$(git log §)"', 'word'],
    ['what follows a substitution', 'echo "$(git log) §"', 'double'],
    ['backquotes', 'echo `git log §`', 'word'],
    ['a parameter', 'echo "${A:-§}"', 'other'],
    ['arithmetic', 'echo $((§ + 1))', 'other'],
    ['a here-document', 'cat <<EOF\na § b\nEOF', 'document'],
    ['a quoted here-document', "cat <<'EOF'\na § b\nEOF", 'raw-document'],
    ['what follows a here-document', "cat <<'EOF'\na\nEOF\necho \"§\"", 'double'],
    ['a here-string', 'cat <<< "§"', 'double'],
  ])('knows %s', (_, script, expected) => {
    expect(places(script, 'bash')).toEqual([expected])
  })
})

describe('the quoting of a PowerShell script', () => {
  it.each([
    ['double quotes', 'Write-Output "a § b"', 'double'],
    ['single quotes', "Write-Output 'a § b'", 'single'],
    ['a word', 'Write-Output §', 'word'],
    ['an escaped quote', 'Write-Output "a `" §"', 'double'],
    ['a subexpression', 'Write-Output "$(Get-Item §)"', 'word'],
    ['a comment', 'Get-Item . # §', 'comment'],
    ['a here-string', '$a = @"\n§\n"@', 'document'],
    ['what follows a here-string', "$a = @'\nb\n'@\nWrite-Output \"§\"", 'double'],
  ])('knows %s', (_, script, expected) => {
    expect(places(script, 'pwsh')).toEqual([expected])
  })
})

it('says nothing of shells that it does not read', () => {
  expect(places('echo "§"', 'cmd')).toEqual(['other'])
})
