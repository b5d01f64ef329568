// Which runner labels exist, and what a runner has to be to carry them. The facts and their source are in runner-labels.json.
import data from './runner-labels.json' with { type: 'json' }

export interface RunnerLabel {
  /** '' when it fits every system. */
  readonly system: string
  /** Versions of the image that it can mean; empty when it fits every image of its system. */
  readonly images: readonly string[]
}

const words = (text: string): readonly string[] => (text === '' ? [] : text.split(' '))

const LABELS: ReadonlyMap<string, RunnerLabel> = new Map<string, RunnerLabel>([
  ...Object.entries(data.presets).map(([label, system]): [string, RunnerLabel] => [label, { system, images: [] }]),
  ...Object.entries(data.hosted).flatMap(([system, labels]) =>
    Object.entries<string>(labels).map(([label, images]): [string, RunnerLabel] => [label, { system, images: words(images) }])),
])

/** Compared without case, as GitHub does; undefined for a label that is not known. */
export const runnerLabel = (label: string): RunnerLabel | undefined => LABELS.get(label.toLowerCase())

/** As runnerLabel, of the labels that a self-hosted runner gets by itself. */
export const presetLabel = (label: string): RunnerLabel | undefined => (Object.hasOwn(data.presets, label.toLowerCase()) ? runnerLabel(label) : undefined)

export const runnerLabels = (): Iterable<string> => LABELS.keys()

/** Whether a runner service names its runners like that. */
export const isProviderLabel = (label: string): boolean => data.providers.some((prefix) => label.toLowerCase().startsWith(prefix))

/** Whether no runner carries both. */
export function excludeEachOther(one: RunnerLabel, other: RunnerLabel): boolean {
  if (one.system === '' || other.system === '') return false
  if (one.system !== other.system) return true
  return one.images.length > 0 && other.images.length > 0 && !one.images.some((image) => other.images.includes(image))
}
