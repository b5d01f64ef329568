import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FileSystem } from '../../worktree/file-system.ts'
import { createSourceReader } from '../../worktree/read-source.ts'
import { makeFolder } from './make-folder.ts'

const read = (root: string, relative: string, replaced: Partial<FileSystem> = {}) => createSourceReader({ ...fs, ...replaced }, root)(relative)

/** The answer's error, which must be there. */
function errorOf(root: string, relative: string, replaced: Partial<FileSystem> = {}): string {
  const source = read(root, relative, replaced)
  return 'error' in source ? source.error : `no error, but ${source.text.length} units of text`
}

function failWith(code: string): never {
  throw Object.assign(new Error(`${code}: made by a test`), { code })
}

describe('createSourceReader', () => {
  it('reads a text as it is, line breaks and byte order mark included', () => {
    const root = makeFolder({ 'a/b.yml': '\ufeffon: push\r\n' })
    expect(read(root, 'a/b.yml')).toEqual({ path: 'a/b.yml', text: '\ufeffon: push\r\n' })
  })

  it('follows a symbolic link that stays inside', () => {
    const root = makeFolder({ 'real/ci.yml': 'on: push\n' })
    fs.symlinkSync('real/ci.yml', path.join(root, 'link.yml'))
    expect(read(root, 'link.yml')).toEqual({ path: 'link.yml', text: 'on: push\n' })
  })

  it('refuses a symbolic link that leads out, and a folder that does', () => {
    const outside = makeFolder({ 'secret.yml': 'password: canary\n' })
    const root = makeFolder()
    fs.symlinkSync(path.join(outside, 'secret.yml'), path.join(root, 'link.yml'))
    fs.symlinkSync(outside, path.join(root, 'folder'))
    const refusal = 'the file is reached by a symbolic link that leads out of the repository; it is not followed'
    expect(errorOf(root, 'link.yml')).toBe(refusal)
    expect(errorOf(root, 'folder/secret.yml')).toBe(refusal)
  })

  it('is not fooled by a neighbour whose name starts with the folder\'s', () => {
    const root = makeFolder()
    const neighbour = `${root}-neighbour`
    fs.mkdirSync(neighbour)
    try {
      fs.writeFileSync(path.join(neighbour, 'x.yml'), 'on: push\n')
      fs.symlinkSync(path.join(neighbour, 'x.yml'), path.join(root, 'link.yml'))
      expect(errorOf(root, 'link.yml')).toContain('leads out of the repository')
    } finally {
      fs.rmSync(neighbour, { recursive: true })
    }
  })

  it('reads a file whose name starts with two dots', () => {
    const root = makeFolder({ '..x.yml': 'on: push\n' })
    expect(read(root, '..x.yml')).toHaveProperty('text')
  })

  it('does not follow a link that takes the file\'s place between check and opening', () => {
    const outside = makeFolder({ 'secret.yml': 'password: canary\n' })
    const root = makeFolder({ 'ci.yml': 'on: push\n' })
    const swapped = ((file: string, flags: number) => {
      fs.rmSync(file)
      fs.symlinkSync(path.join(outside, 'secret.yml'), file)
      return fs.openSync(file, flags)
    }) as typeof fs.openSync
    expect(errorOf(root, 'ci.yml', { openSync: swapped })).toContain('became a symbolic link')
  })

  it('says that a file disappeared, before or while it is opened', () => {
    const root = makeFolder({ 'ci.yml': 'on: push\n' })
    const gone = ((file: string, flags: number) => {
      fs.rmSync(file)
      return fs.openSync(file, flags)
    }) as typeof fs.openSync
    expect(errorOf(root, 'ci.yml', { openSync: gone })).toContain('disappeared')
    expect(errorOf(root, 'ci.yml')).toContain('disappeared')
  })

  it('names a loop of links, a link to nowhere, a folder and a named pipe', () => {
    const root = makeFolder({ 'folder/x': '' })
    fs.symlinkSync('loop.yml', path.join(root, 'loop.yml'))
    fs.symlinkSync('nowhere', path.join(root, 'dangling.yml'))
    execFileSync('mkfifo', [path.join(root, 'pipe.yml')])
    expect(errorOf(root, 'loop.yml')).toContain('loop of symbolic links')
    expect(errorOf(root, 'dangling.yml')).toContain('leads nowhere')
    expect(errorOf(root, 'folder')).toBe('the path is a folder, not a file')
    expect(errorOf(root, 'pipe.yml')).toBe('the path is not a regular file')
  })

  it.each([
    ['EACCES', 'permission denied'], ['EPERM', 'permission denied'], ['EMFILE', 'too many files'], ['EIO', 'cannot be read (EIO)'],
  ])('turns %s into words', (code, words) => {
    const root = makeFolder({ 'ci.yml': 'on: push\n' })
    expect(errorOf(root, 'ci.yml', { openSync: () => failWith(code) })).toContain(words)
  })

  it('refuses more than 1 MiB, also when the file grows while it is read', () => {
    const root = makeFolder({ 'large.yml': Buffer.alloc(1024 * 1024 + 1, 'a'), 'grows.yml': 'a\n', 'fits.yml': Buffer.alloc(1024 * 1024, 'a') })
    expect(errorOf(root, 'large.yml')).toContain('limit is 1048576 bytes')
    const small = (() => ({ isDirectory: () => false, isFile: () => true, size: 2 })) as unknown as typeof fs.fstatSync
    expect(errorOf(root, 'large.yml', { fstatSync: small })).toContain('limit is 1048576 bytes')
    fs.writeFileSync(path.join(root, 'grows.yml'), 'longer than before\n')
    expect(read(root, 'grows.yml', { fstatSync: small })).toEqual({ path: 'grows.yml', text: 'longer than before\n' })
    expect(read(root, 'fits.yml')).toHaveProperty('text')
  })

  it.each([
    ['UTF-16', Buffer.from('\ufeffon: push', 'utf16le'), 'UTF-16'],
    ['a binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]), 'binary'],
    ['Latin-1', Buffer.from('name: gr\xfc\xdfe\n', 'latin1'), 'not valid UTF-8'],
  ])('refuses %s and says how to save it', (_, bytes, words) => {
    expect(errorOf(makeFolder({ 'ci.yml': bytes }), 'ci.yml')).toContain(words)
  })

  it('closes what it opened, whatever went wrong', () => {
    const root = makeFolder({ 'ci.yml': 'on: push\n', folder: '' })
    const open = new Set<number>()
    const counting: Partial<FileSystem> = {
      openSync: ((...args: Parameters<typeof fs.openSync>) => {
        const descriptor = fs.openSync(...args)
        open.add(descriptor)
        return descriptor
      }),
      closeSync: (descriptor) => {
        open.delete(descriptor)
        fs.closeSync(descriptor)
      },
      readSync: (() => failWith('EIO')),
    }
    expect(errorOf(root, 'ci.yml', counting)).toContain('EIO')
    expect(open.size).toBe(0)
  })
})
