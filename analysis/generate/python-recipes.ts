// Jobs for projects of uv, Poetry, Pipenv and pip. Tests run with pytest where the project names it, else with unittest.
import type { Recipe, Site } from './recipe.ts'
import { run, steps, UBUNTU, uses } from './recipe.ts'

const DECLARES = ['pyproject.toml', 'pytest.ini', 'setup.cfg', 'tox.ini', 'Pipfile', 'requirements.txt', 'requirements-dev.txt']
const PYTEST = 'pytest'
/** What the managers install unasked: dependencies and the group for developers; with Poetry every group. */
const UV_INSTALLS = /^(?:dependencies|dev|dev-dependencies)\s*=\s*\[[^\]]*\]/gm
const POETRY_INSTALLS = /^(?:pytest\s*=.*|(?:dependencies|dev)\s*=\s*\[[^\]]*\])/gm

export const uv: Recipe = (site) => ({
  toolchain: 'Python',
  runsOn: UBUNTU,
  steps: steps(
    uses('Set up uv', 'astral-sh/setup-uv', { 'enable-cache': 'true', 'cache-dependency-glob': site.project.lockFile, 'working-directory': site.project.folder || null }),
    run('Install packages', 'uv sync --locked'),
    site.hasTests && run('Test', `uv run ${testCommand(site)}`),
  ),
  remarks: remarksOnTests(site, site.read('pyproject.toml')?.match(UV_INSTALLS)?.join('\n')),
})

export const poetry: Recipe = (site) => {
  // The lock file's first line names the version that wrote it.
  const version = /^# .*\bPoetry (\d+(?:\.\d+)+) /.exec(site.read('poetry.lock') ?? '')?.[1]
  return {
    toolchain: 'Python',
    runsOn: UBUNTU,
    steps: steps(
      run('Install Poetry', `pipx install poetry${version === undefined ? '' : `==${version}`}`),
      setUp(site, 'poetry'),
      run('Install packages', 'poetry install --no-interaction'),
      site.hasTests && run('Test', `poetry run ${testCommand(site)}`),
    ),
    remarks: [
      ...(version === undefined ? [`${site.path('poetry.lock')} does not say which Poetry wrote it: Poetry is installed in its latest version`] : []),
      ...remarksOnTests(site, site.read('pyproject.toml')?.match(POETRY_INSTALLS)?.join('\n')),
    ],
  }
}

export const pipenv: Recipe = (site) => ({
  toolchain: 'Python',
  runsOn: UBUNTU,
  steps: steps(
    run('Install Pipenv', 'pipx install pipenv'),
    setUp(site, site.project.lockFile === null ? null : 'pipenv'),
    run('Install packages', site.project.lockFile === null ? 'pipenv install --dev' : 'pipenv sync --dev'),
    site.hasTests && run('Test', `pipenv run ${testCommand(site)}`),
  ),
  remarks: ['no file says which Pipenv: Pipenv is installed in its latest version', ...remarksOnTests(site, site.read('Pipfile'))],
})

export const pip: Recipe = (site) => {
  const manifest = site.project.manifest.slice(site.project.manifest.lastIndexOf('/') + 1)
  const command = testCommand(site)
  return {
    toolchain: 'Python',
    runsOn: UBUNTU,
    steps: steps(
      setUp(site, 'pip'),
      run('Install packages', `python -m pip install -r ${manifest}`),
      site.hasTests && run('Test', `python -m ${command.replace(/^python -m /, '')}`),
    ),
    remarks: [
      ...remarksOnTests(site, site.read(manifest)),
      ...(site.has('setup.py') || site.read('pyproject.toml')?.includes('[build-system]') === true ? [`${site.project.folder || 'the repository'} is a package of its own, which the job does not install`] : []),
    ],
  }
}

/** What the owner of tests should know; `installed` names what the job installs. */
function remarksOnTests(site: Site, installed: string | null | undefined): readonly string[] {
  if (!site.hasTests) return []
  const where = site.project.folder || 'the repository'
  if (testCommand(site) !== PYTEST) return [`no file of ${where} names pytest: its tests are run by unittest, which looks for test*.py in packages`]
  return installed?.includes(PYTEST) === true ? [] : [`the job runs the tests of ${where} with pytest, which may not be among what it installs`]
}

function setUp(site: Site, cache: string | null) {
  const version = site.nearest('.python-version', '.tool-versions')
  return uses('Set up Python', 'actions/setup-python', {
    ...(version === null ? { 'python-version': '3.x' } : { 'python-version-file': version }),
    cache,
    'cache-dependency-path': cache === null ? null : (site.project.lockFile ?? site.project.manifest),
  })
}

const testCommand = (site: Site): string => (DECLARES.some((name) => name === 'pytest.ini' ? site.has(name) : site.read(name)?.includes(PYTEST) === true) ? PYTEST : 'python -m unittest discover')
