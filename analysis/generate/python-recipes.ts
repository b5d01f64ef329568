// Jobs for projects of uv, Poetry, Pipenv and pip. Tests run with pytest where the project names it, else with unittest.
import type { Recipe, Site } from './recipe.ts'
import { run, steps, UBUNTU, uses } from './recipe.ts'

const DECLARES = ['pyproject.toml', 'pytest.ini', 'setup.cfg', 'tox.ini', 'Pipfile', 'requirements.txt', 'requirements-dev.txt']

export const uv: Recipe = (site) => ({
  toolchain: 'Python',
  runsOn: UBUNTU,
  steps: steps(
    uses('Set up uv', 'astral-sh/setup-uv', { 'enable-cache': 'true', 'cache-dependency-glob': site.project.lockFile, 'working-directory': site.project.folder || null }),
    run('Install packages', 'uv sync --locked'),
    site.hasTests && run('Test', `uv run ${testCommand(site)}`),
  ),
  remarks: [],
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
    remarks: version === undefined ? [`${site.path('poetry.lock')} does not say which Poetry wrote it: Poetry is installed in its latest version`] : [],
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
  remarks: ['no file says which Pipenv: Pipenv is installed in its latest version'],
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
    remarks: [],
  }
}

function setUp(site: Site, cache: string | null) {
  const version = site.nearest('.python-version', '.tool-versions')
  return uses('Set up Python', 'actions/setup-python', {
    ...(version === null ? { 'python-version': '3.x' } : { 'python-version-file': version }),
    cache,
    'cache-dependency-path': cache === null ? null : (site.project.lockFile ?? site.project.manifest),
  })
}

const testCommand = (site: Site): string => (DECLARES.some((name) => name === 'pytest.ini' ? site.has(name) : site.read(name)?.includes('pytest') === true) ? 'pytest' : 'python -m unittest discover')
