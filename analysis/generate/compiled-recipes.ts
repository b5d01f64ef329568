// Jobs for Go, Rust, the JVM, .NET, Swift and C-like builds: compile, then test.
import type { Recipe, Site } from './recipe.ts'
import { MACOS, run, steps, UBUNTU, uses } from './recipe.ts'

/** Long-term support releases of 2026-11: Java (java.oracle.com/releases, Temurin), .NET (dotnet.microsoft.com/platform/support/policy). */
const JAVA = '21'
const DOTNET = '10.0.x'

export const go: Recipe = (site) => ({
  toolchain: 'Go',
  runsOn: UBUNTU,
  steps: steps(
    uses('Set up Go', 'actions/setup-go', { ...(site.has('go.mod') ? { 'go-version-file': site.path('go.mod') } : { 'go-version': 'stable' }), 'cache-dependency-path': site.project.lockFile }),
    run('Build', 'go build ./...'),
    run('Vet', 'go vet ./...'),
    run('Test', 'go test ./...'),
  ),
  remarks: [],
})

export const cargo: Recipe = (site) => {
  const locked = site.project.lockFile === null ? '' : ' --locked'
  return {
    toolchain: 'Rust',
    runsOn: UBUNTU,
    steps: steps(
      uses('Keep dependencies', 'actions/cache', {
        path: `~/.cargo/registry\n~/.cargo/git\n${site.path('target')}`,
        key: `cargo-\${{ runner.os }}-\${{ hashFiles('${site.project.lockFile ?? site.project.manifest}') }}`,
        'restore-keys': 'cargo-${{ runner.os }}-',
      }),
      run('Build', `cargo build --workspace --all-targets${locked}`),
      run('Test', `cargo test --workspace${locked}`),
    ),
    remarks: [],
  }
}

export const maven: Recipe = (site) => ({
  toolchain: 'Java',
  runsOn: UBUNTU,
  steps: steps(setUpJava(site, 'maven'), run('Build and test', `${site.has('mvnw') ? './mvnw' : 'mvn'} --batch-mode verify`)),
  remarks: [],
})

export const gradle: Recipe = (site) => ({
  toolchain: 'Java',
  runsOn: UBUNTU,
  steps: steps(setUpJava(site, null), uses('Set up Gradle', 'gradle/actions/setup-gradle'), run('Build and test', `${site.has('gradlew') ? './gradlew' : 'gradle'} build`)),
  remarks: site.has('gradlew') ? [] : [`${site.project.folder || 'the repository'} has no Gradle wrapper: the runner's Gradle is used`],
})

function setUpJava(site: Site, cache: string | null) {
  const version = site.nearest('.java-version', '.sdkmanrc', '.tool-versions')
  return uses('Set up Java', 'actions/setup-java', {
    distribution: 'temurin',
    ...(version === null ? { 'java-version': JAVA } : { 'java-version-file': version }),
    cache,
    'cache-dependency-path': cache === null ? null : site.project.manifest,
  })
}

export const dotnet: Recipe = (site) => {
  const version = site.nearest('global.json')
  return {
    toolchain: '.NET',
    runsOn: UBUNTU,
    steps: steps(
      uses('Set up .NET', 'actions/setup-dotnet', version === null ? { 'dotnet-version': DOTNET } : { 'global-json-file': version }),
      run('Restore packages', site.project.lockFile === null ? 'dotnet restore' : 'dotnet restore --locked-mode'),
      run('Build', 'dotnet build --no-restore'),
      run('Test', 'dotnet test --no-build'),
    ),
    remarks: [],
  }
}

export const swift: Recipe = () => ({
  toolchain: 'Swift',
  runsOn: MACOS,
  steps: [run('Build', 'swift build'), run('Test', 'swift test')],
  remarks: [],
})
