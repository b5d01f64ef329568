// Jobs for Ruby, PHP, Elixir, images and infrastructure.
import type { Recipe } from './recipe.ts'
import { run, steps, UBUNTU, uses } from './recipe.ts'

export const bundler: Recipe = (site) => {
  const isRspec = site.has('.rspec') || site.read('Gemfile')?.includes('rspec') === true
  return {
    toolchain: 'Ruby',
    runsOn: UBUNTU,
    steps: steps(
      // Without a file that names a version, `ruby` is the newest release.
      uses('Set up Ruby', 'ruby/setup-ruby', {
        'ruby-version': site.has('.ruby-version') || site.has('.tool-versions') ? null : 'ruby',
        'bundler-cache': 'true',
        'working-directory': site.project.folder || null,
      }),
      site.hasTests && run('Test', isRspec ? 'bundle exec rspec' : 'bundle exec rake test'),
    ),
    remarks: site.hasTests && !isRspec && !site.has('Rakefile') ? [`${site.project.folder || 'the repository'} has no Rakefile, which would say how its tests are run`] : [],
  }
}

export const composer: Recipe = (site) => {
  const hasPhpunit = site.has('phpunit.xml') || site.has('phpunit.xml.dist') || site.read('composer.json')?.includes('"phpunit/phpunit"') === true
  return {
    toolchain: 'PHP',
    runsOn: UBUNTU,
    steps: steps(
      // Its version comes from .php-version or composer.json, else it is the newest release.
      uses('Set up PHP', 'shivammathur/setup-php', { coverage: 'none' }),
      run('Install packages', 'composer install --no-interaction --no-progress'),
      site.hasTests && hasPhpunit && run('Test', 'vendor/bin/phpunit'),
    ),
    remarks: site.hasTests && !hasPhpunit ? [`${site.path('composer.json')} does not ask for PHPUnit, so the tests of ${site.project.folder || 'the repository'} are not run`] : [],
  }
}

export const mix: Recipe = (site) => {
  const version = site.nearest('.tool-versions')
  if (version === null) return { reason: 'Elixir needs its version and that of Erlang: add a .tool-versions file' }
  return {
    toolchain: 'Elixir',
    runsOn: UBUNTU,
    steps: [
      uses('Set up Elixir', 'erlef/setup-beam', { 'version-file': version, 'version-type': 'strict' }),
      run('Install packages', 'mix deps.get --check-locked'),
      run('Build', 'mix compile --warnings-as-errors'),
      run('Test', 'mix test'),
    ],
    remarks: [],
  }
}

export const docker: Recipe = () => ({
  toolchain: 'Docker image',
  runsOn: UBUNTU,
  steps: [run('Build the image', 'docker build --pull .')],
  remarks: [],
})

export const terraform: Recipe = (site) => {
  const version = /^\d+\.\d+\.\d+$/.exec(site.read('.terraform-version')?.trim() ?? '')?.[0] ?? null
  return {
    toolchain: 'Terraform',
    runsOn: UBUNTU,
    steps: [
      uses('Set up Terraform', 'hashicorp/setup-terraform', { terraform_version: version, terraform_wrapper: 'false' }),
      run('Check the format', 'terraform fmt -check -recursive'),
      run('Install providers', 'terraform init -backend=false -input=false -lockfile=readonly'),
      run('Validate', 'terraform validate'),
    ],
    remarks: version === null ? [`there is no ${site.path('.terraform-version')}: Terraform is installed in its latest version`] : [],
  }
}
