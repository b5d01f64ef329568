// What becomes of runner images by date.
import { describe, expect, it } from 'vitest'
import { imageEnd, stateOf, type ImageEnd } from '../../../analysis/data/runner-images.ts'

const end = (label: string): ImageEnd => {
  const found = imageEnd(label)
  if (found === undefined) throw new Error(`${label} has no end`)
  return found
}

describe('the end of an image', () => {
  it.each([
    ['2026-06-15', null],
    ['2026-06-16', 'announced'],
    ['2027-03-22', 'announced'],
    ['2027-03-23', 'brownout'],
    ['2027-04-16', 'brownout'],
    ['2027-04-17', 'removed'],
  ])('of ubuntu-22.04 stands on %s at %s', (today, state) => {
    expect(stateOf(end('ubuntu-22.04'), today)).toBe(state)
  })

  it('is found in any case, and not for images that stay', () => {
    expect(end('macOS-13').successor).toBe('macos-15-intel')
    expect(imageEnd('ubuntu-24.04')).toBeUndefined()
  })

  it('names successors that do not end before it', () => {
    for (const label of ['ubuntu-16.04', 'ubuntu-22.04', 'ubuntu-22.04-arm', 'macos-12', 'macos-14-xlarge', 'windows-2016']) {
      expect(imageEnd(end(label).successor ?? '')).toBeUndefined()
    }
  })
})
