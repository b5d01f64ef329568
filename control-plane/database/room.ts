// What of a list is kept with a document that other things share.

type Room = (value: unknown) => boolean

/** Says of each value whether it still finds room, in characters of JSON. */
export function createRoom(most: number): Room {
  let left = most
  return (value) => {
    const size = JSON.stringify(value).length
    if (size > left) return false
    left -= size
    return true
  }
}

export const thatFit = <T>(values: readonly T[], hasRoom: Room): readonly T[] => values.filter(hasRoom)
