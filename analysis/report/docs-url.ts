// Where a reader finds a rule's page. The pages lie in docs/rules/ of the Action's repository.

const DOCS = 'https://github.com/autodevops/analyze/blob/v1/docs'

export const PROJECT_URL = 'https://github.com/autodevops/analyze'

export const ruleDocsUrl = (ruleId: string): string => `${DOCS}/rules/${ruleId}.md`
