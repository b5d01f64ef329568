// Files that set up other services for a repository: update bots besides Dependabot, and other CI systems.

const RENOVATE = /^(?:\.github\/|\.gitlab\/)?(?:renovate\.json[5c]?|\.renovaterc(?:\.json5?)?)$/
const OTHER_CI = /^(?:\.circleci\/|\.travis\.ya?ml$|\.?azure-pipelines|\.azure-pipelines\/|\.?appveyor\.ya?ml$|Jenkinsfile|\.gitlab-ci\.ya?ml$|\.buildkite\/|\.cirrus\.(?:ya?ml|star)$|bitrise\.ya?ml$|\.semaphore\/|cloudbuild\.ya?ml$|\.drone\.ya?ml$|\.woodpecker(?:\/|\.ya?ml$)|\.prow\/|\.teamcity\/|\.evergreen\.ya?ml$)/

export const DEPENDABOT_FILE = '.github/dependabot.yml'
export const DEPENDABOT_FILES: readonly string[] = [DEPENDABOT_FILE, '.github/dependabot.yaml']

export const hasRenovate = (paths: ReadonlySet<string>): boolean => some(paths, RENOVATE)

export const hasOtherCi = (paths: ReadonlySet<string>): boolean => some(paths, OTHER_CI)

function some(paths: ReadonlySet<string>, pattern: RegExp): boolean {
  for (const path of paths) if (pattern.test(path)) return true
  return false
}
