// Simple commands of POSIX scripts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandsIn } from '../../../analysis/shell/commands.ts'

const texts = (script: string): readonly string[] => commandsIn(script).map(({ words }) => words.map(({ text }) => text).join(' '))

describe('the commands of a script', () => {
  it.each<[string, string, readonly string[]]>([
    ['separators', 'a b; c && d || e | f\ng &', ['a b', 'c', 'd', 'e', 'f', 'g']],
    ['keywords', 'if a; then b; else c; fi\nwhile ! d; do e; done', ['a', 'b', 'c', 'd', 'e']],
    ['assignments', 'A=1 B="x y" make all', ['make all']],
    ['substitutions', 'echo "$(git log -1)" `date`', ['echo $(git log -1) `date`', 'git log -1', 'date']],
    ['quotes', `gh pr comment --body 'a; b' "c | d"`, ['gh pr comment --body a; b c | d']],
    ['continued lines', 'docker build \\\n  --push .', ['docker build --push .']],
    ['comments', 'a # b; c\n# d\ne', ['a', 'e']],
    ['here-documents', 'cat <<EOF > f\ngit push\nEOF\nls', ['cat', 'ls']],
    ['loops and patterns', 'for x in a b; do c; done\ncase $x in a) d ;; *) e ;; esac', ['c', 'd', 'e']],
    ['groups', '(cd a && b)', ['cd a', 'b']],
  ])('reads %s', (_, script, expected) => {
    expect(texts(script)).toEqual(expected)
  })

  it('knows which output goes elsewhere and which words are literal', () => {
    const [first, second, third] = commandsIn('echo a > f\necho "$A"\necho b | c')
    expect([first?.isRedirected, second?.isRedirected, third?.isRedirected]).toEqual([true, false, true])
    expect([first?.words[1]?.isLiteral, second?.words[1]?.isLiteral]).toEqual([true, false])
  })

  it('answers for any text, with offsets inside of it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '"', "'", '`', '$(', ')', '${{', '}}', '|', ';', '<<E', '\\', '#', '>') })
    fc.assert(fc.property(text, (script) => commandsIn(script).every(({ start, end }) => start >= 0 && start <= end && end <= script.length)))
  })
})
