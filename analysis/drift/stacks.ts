// What a repository is written in, by the names of its manifests anywhere in it.

const MANIFESTS: readonly (readonly [name: RegExp, stack: string])[] = [
  [/^package\.json$/, 'node'],
  [/^(?:pyproject\.toml|requirements\.txt|setup\.py|setup\.cfg)$/, 'python'],
  [/^go\.mod$/, 'go'],
  [/^Cargo\.toml$/, 'rust'],
  [/^(?:pom\.xml|build\.gradle(?:\.kts)?)$/, 'java'],
  [/^Gemfile$/, 'ruby'],
  [/^composer\.json$/, 'php'],
  [/\.(?:csproj|fsproj|sln)$/, 'dotnet'],
  [/^(?:Dockerfile|Containerfile)$/, 'docker'],
  [/\.tf$/, 'terraform'],
]

/** Names in lower case, each once. */
export function stacksOf(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => path.slice(path.lastIndexOf('/') + 1))
  return MANIFESTS.flatMap(([manifest, stack]) => (names.some((name) => manifest.test(name)) ? [stack] : []))
}
