import busboy from 'busboy';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import { HttpError } from '../../http-error.js';

/**
 * Writes the file that a request carries, as its body or as a field of a form, to `target`. It is never held in
 * memory, and is refused as soon as it is known to be too large.
 */
export async function receiveFile(
  req: Request,
  target: string,
  { field, limit }: { field: string; limit: number },
): Promise<void> {
  if (Number(req.headers['content-length'] ?? 0) > limit + FORM_BYTES) throw refuse(req, tooLarge(limit));
  try {
    const written = isForm(req) ? await receiveForm(req, target, { field, limit }) : await write(req, target, limit);
    if (written === 0)
      throw new HttpError(400, 'INVALID_PACKAGE', 'The request carries no file.', {
        details: [
          {
            path: '',
            message: 'The request carries no file.',
            fix: `Send the zip file as the body, or as the field "${field}" of a form.`,
          },
        ],
      });
  } catch (error) {
    throw refuse(req, error);
  }
}

/** What a form adds around its file. */
const FORM_BYTES = 64 * 1024;

const isForm = (req: Request): boolean =>
  (req.headers['content-type'] ?? '').toLowerCase().startsWith('multipart/form-data');

const tooLarge = (limit: number): HttpError =>
  new HttpError(
    413,
    'PACKAGE_TOO_LARGE',
    `The package is larger than ${limit / 1024 / 1024} MiB. Leave out what the plugin does not need.`,
  );

/** The rest of the body is not read by anybody; the client hears the answer all the same. */
function refuse(req: Request, error: unknown): unknown {
  req.unpipe();
  req.resume();
  req.res?.set('Connection', 'close');
  return error;
}

async function write(source: Readable, target: string, limit: number): Promise<number> {
  let size = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
  const file = createWriteStream(target, { flags: 'wx', mode: 0o600 });
  // The request itself stays open for the answer, whatever becomes of the file.
  source.on('error', (error) => count.destroy(error));
  source.on(
    'close',
    () => source.readableEnded || count.destroy(new HttpError(400, 'UPLOAD_ABORTED', 'The upload ended early.')),
  );
  await pipeline(source.pipe(count), file);
  return size;
}

function receiveForm(
  req: Request,
  target: string,
  { field, limit }: { field: string; limit: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const invalid = (error: unknown): void =>
      reject(
        error instanceof HttpError
          ? error
          : new HttpError(400, 'INVALID_FORM', `The form cannot be read: ${(error as Error).message}.`),
      );
    let writing: Promise<number> = Promise.resolve(0);
    let parser: busboy.Busboy;
    try {
      parser = busboy({ headers: req.headers, limits: { files: 1, fields: 20, fieldSize: 4096, parts: 32 } });
    } catch (error) {
      return invalid(error);
    }
    parser.on('file', (name, file) => {
      if (name !== field) return void file.resume();
      writing = write(file, target, limit);
      writing.catch(reject);
    });
    parser.on('error', invalid);
    parser.on('close', () => void writing.then(resolve, reject));
    req.on('aborted', () => invalid(new Error('the upload ended early')));
    req.pipe(parser);
  });
}
