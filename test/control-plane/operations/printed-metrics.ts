// What /metrics prints, as values.
import type { Metrics } from '../../../control-plane/operations/metrics.ts'

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export async function printed(metrics: Pick<Metrics, 'print'>): Promise<Sample[]> {
  return [...(await metrics.print()).matchAll(/^(\w+)(?:\{([^}]*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name, value: Number(value), labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']): [string, string] => [label, text])),
  }))
}

/** The sum over what has these labels; null when nothing has. */
export function valueOf(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number | null {
  const found = samples.filter((sample) => sample.name === `autodevops_${name}` && Object.entries(labels).every(([label, text]) => sample.labels[label] === text))
  return found.length === 0 ? null : found.reduce((sum, { value }) => sum + value, 0)
}
