// What becomes of the images behind github.com's runner labels, by date. The facts, their sources and what they leave
// out are in runner-images.json.
import data from './runner-images.json' with { type: 'json' }

export interface ImageEnd {
  /** In lower case. */
  readonly label: string
  /** A label of the same system, architecture and size; null where none is known. */
  readonly successor: string | null
  /** YYYY-MM-DD, as are the others. */
  readonly announced: string
  /** Days on which jobs fail on purpose before the end. */
  readonly brownouts: readonly string[]
  /** The first day without the image. */
  readonly removed: string
  /** False while only the announcement is known, not that it came true. */
  readonly confirmed: boolean
  /** Where that was announced. */
  readonly source: string
}

export type ImageState = 'announced' | 'brownout' | 'removed'

interface ImageRow extends Omit<ImageEnd, 'label' | 'successor'> {
  readonly labels: Readonly<Record<string, string | null>>
}

const ENDS: ReadonlyMap<string, ImageEnd> = new Map((data.images as readonly ImageRow[]).flatMap(({ labels, announced, brownouts, removed, confirmed, source }) =>
  Object.entries(labels).map(([label, successor]): [string, ImageEnd] => [label, { label, successor, announced, brownouts, removed, confirmed, source }])))

/** The end of the image behind a label, compared without case as GitHub does; undefined while none is announced. */
export function imageEnd(label: string): ImageEnd | undefined {
  return ENDS.get(label.toLowerCase())
}

/** Where an image stands on a day; null before its end was announced. */
export function stateOf(end: ImageEnd, today: string): ImageState | null {
  if (today >= end.removed) return 'removed'
  if (today >= (end.brownouts[0] ?? end.removed)) return 'brownout'
  return today >= end.announced ? 'announced' : null
}

/** Every day on which an image's state changes, and the first of each month in which a label moves: YYYY-MM-DD. */
export const IMAGE_DATES: readonly string[] = [
  ...[...ENDS.values()].flatMap(({ announced, brownouts, removed }) => [announced, ...brownouts, removed]),
  ...(data.moving as readonly MovingLabel[]).map(({ month }) => `${month}-01`),
]

/** A label that GitHub moves to another image. */
export interface MovingLabel {
  readonly label: string
  readonly from: string
  readonly to: string
  /** YYYY-MM. */
  readonly month: string
}

/** The announced move of a `-latest` label; undefined while none is. */
export function movingLabel(label: string): MovingLabel | undefined {
  return (data.moving as readonly MovingLabel[]).find((moving) => moving.label === label.toLowerCase())
}
