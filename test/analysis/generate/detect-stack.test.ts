import { describe, expect, it } from 'vitest'
import { detectStack } from '../../../analysis/generate/detect-stack.ts'

const stackOf = (...paths: string[]) => detectStack(new Set(paths))

describe('the stack of a repository', () => {
  it('names the languages by their number of sources, without those of tests, examples and copies', () => {
    expect(stackOf('a.go', 'b.go', 'web/a.ts', 'examples/a.py', 'vendor/b.rb', 'tests/c.php').languages).toEqual(['go', 'javascript'])
  })

  it('names one project for a folder and language, with its lock file, the top first', () => {
    const { projects } = stackOf('web/pnpm-lock.yaml', 'web/package-lock.json', 'Cargo.toml', 'Cargo.lock', 'Dockerfile', 'test/fixtures/go.sum')
    expect(projects.map(({ ecosystem, manager, folder, lockFile }) => [ecosystem, manager, folder, lockFile])).toEqual([
      ['cargo', 'cargo', '', 'Cargo.lock'],
      ['docker', 'docker', '', null],
      ['npm', 'pnpm', 'web', 'web/pnpm-lock.yaml'],
    ])
  })

  it('names no project for a manifest that may list nothing', () => {
    expect(stackOf('package.json', 'pyproject.toml', 'go.mod').projects).toEqual([])
  })

  it('tells its kinds by manifests that may list nothing, and not by those of copies and examples', () => {
    const kinds = stackOf('package.json', 'web/package.json', 'tools/App.sln', 'infra/main.tf', 'examples/a/go.mod', 'vendor/x/Gemfile').kinds
    expect([...kinds]).toEqual([['node', ['package.json', 'web/package.json']], ['dotnet', ['tools/App.sln']], ['terraform', ['infra/main.tf']]])
  })

  it('finds the first test of each language, and none in copied code', () => {
    expect([...stackOf('src/a.test.ts', 'test/b.js', 'b_test.go', 'vendor/c_test.rb', 'testdata/test_d.py').tests]).toEqual([['javascript', 'src/a.test.ts'], ['go', 'b_test.go']])
  })
})
