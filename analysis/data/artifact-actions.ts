// Actions that download an artifact of another run. The facts are in artifact-actions.json.
import data from './artifact-actions.json' with { type: 'json' }

const ACTIONS: ReadonlySet<string> = new Set(data.actions)

/** The inputs of which one may name the folder that the artifact is unpacked into; null for all other actions. */
export function artifactFolderInputs(action: string): readonly string[] | null {
  return ACTIONS.has(action.toLowerCase()) ? data.inputs : null
}
