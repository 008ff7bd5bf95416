import { RequestError, parseBody, type HttpRequest } from './http-request.js';
import { HttpResponse, type Answer } from './http-response.js';
import { compilePath, type PathMatch } from './route-path.js';

type Handler = (...args: unknown[]) => unknown;
type ParamHandler = (req: HttpRequest, res: HttpResponse, next: (error?: unknown) => void, value: string) => unknown;

interface Layer {
  /** Null: any method. */
  method: string | null;
  path: string;
  prefix: boolean;
  match(path: string): PathMatch;
  handlers: Handler[];
}

const MAX_ROUTES = 1000;

/** The routes of a plugin, in the order they were added, with the behaviour of Express. */
export class HttpRouter {
  readonly #layers: Layer[] = [];
  readonly #params = new Map<string, ParamHandler[]>();

  readonly facade: Record<string, Handler> = this.#createFacade();

  registrations(): { method: string | null; path: string }[] {
    return this.#layers.map(({ method, path }) => ({ method, path }));
  }

  handle(req: HttpRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const res = new HttpResponse((answer) => resolve(req.method === 'HEAD' ? withoutBody(answer) : answer));
      const done = (error?: unknown): void => {
        if (res.headersSent) return;
        if (error === undefined) return this.#answerUnmatched(req, res);
        if (error instanceof RequestError)
          return void res.status(error.status).json({ error: { code: error.code, message: error.message } });
        reject(error);
      };
      new Walk(this.#layers, this.#params, req, res, done).start();
    });
  }

  #createFacade(): Record<string, Handler> {
    const router: Record<string, Handler> = {};
    for (const name of ['get', 'post', 'put', 'patch', 'delete', 'all', 'head', 'options']) {
      router[name] = (path, ...handlers) => {
        this.#add(name === 'all' ? null : name.toUpperCase(), path, handlers, false, name);
        return router;
      };
    }
    router.use = (...args) => {
      const path =
        typeof args[0] === 'function' || (Array.isArray(args[0]) && typeof args[0][0] === 'function')
          ? '/'
          : args.shift();
      this.#add(null, path, args, true, 'use');
      return router;
    };
    router.param = (name, handler) => {
      if (typeof handler !== 'function') throw new TypeError(`router.param("${String(name)}") needs a function.`);
      this.#params.set(String(name), [...(this.#params.get(String(name)) ?? []), handler as ParamHandler]);
      return router;
    };
    return router;
  }

  #add(method: string | null, path: unknown, handlers: unknown[], prefix: boolean, name: string): void {
    const list = handlers.flat(3) as Handler[];
    const call = `router.${name}(${JSON.stringify(path) ?? String(path)})`;
    if (list.length === 0 || list.some((handler) => typeof handler !== 'function'))
      throw new TypeError(`${call} needs functions as handlers.`);
    for (const one of Array.isArray(path) ? path : [path]) {
      if (typeof one !== 'string' || !/^[/*{]/.test(one)) throw new TypeError(`${call}: a path starts with "/".`);
      if (this.#layers.length >= MAX_ROUTES) throw new Error(`A plugin can have at most ${MAX_ROUTES} routes.`);
      this.#layers.push({ method, path: one, prefix, match: this.#compile(one, prefix, call), handlers: list });
    }
  }

  #compile(path: string, prefix: boolean, call: string): Layer['match'] {
    try {
      return compilePath(path, { prefix });
    } catch (error) {
      throw new TypeError(`${call}: this path cannot be understood: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  #answerUnmatched(req: HttpRequest, res: HttpResponse): void {
    const methods = new Set(
      this.#layers.filter((layer) => !layer.prefix && layer.match(req.path)).map((layer) => layer.method),
    );
    methods.delete(null);
    if (methods.size === 0)
      return void res
        .status(404)
        .json({ error: { code: 'NOT_FOUND', message: `There is no ${req.method} ${req.path} here.` } });
    if (methods.has('GET')) methods.add('HEAD');
    res.set('allow', [...methods, 'OPTIONS'].join(', '));
    if (req.method === 'OPTIONS') return void res.status(204).end();
    res
      .status(405)
      .json({ error: { code: 'METHOD_NOT_ALLOWED', message: `${req.path} does not answer ${req.method}.` } });
  }
}

/** One request on its way through the layers. */
class Walk {
  #layer = 0;

  constructor(
    readonly layers: readonly Layer[],
    readonly params: ReadonlyMap<string, ParamHandler[]>,
    readonly req: HttpRequest,
    readonly res: HttpResponse,
    readonly done: (error?: unknown) => void,
  ) {}

  start(): void {
    try {
      this.req.body = parseBody(this.req);
    } catch (error) {
      return this.#nextLayer(error);
    }
    this.#nextLayer();
  }

  #nextLayer(error?: unknown): void {
    while (this.#layer < this.layers.length) {
      const layer = this.layers[this.#layer++]!;
      if (!this.#accepts(layer)) continue;
      const found = layer.match(this.req.path);
      if (found) return this.#enter(layer, found, error);
    }
    this.done(error);
  }

  #accepts({ method }: Layer): boolean {
    return method === null || method === this.req.method || (method === 'GET' && this.req.method === 'HEAD');
  }

  #enter(layer: Layer, found: NonNullable<PathMatch>, error: unknown): void {
    const { req } = this;
    const { path, baseUrl, params } = req;
    req.params = { ...(layer.prefix ? params : {}), ...found.params };
    if (layer.prefix && found.length > 0) {
      req.baseUrl = baseUrl + path.slice(0, found.length);
      req.path = path.slice(found.length) || '/';
    }
    const leave = (problem?: unknown): void => {
      req.path = path;
      req.baseUrl = baseUrl;
      if (layer.prefix) req.params = params;
      this.#nextLayer(problem);
    };
    if (error !== undefined) return this.#runHandlers(layer, 0, error, leave);
    this.#runParams(Object.entries(found.params), (problem) =>
      problem === undefined ? this.#runHandlers(layer, 0, undefined, leave) : leave(problem),
    );
  }

  #runParams(entries: [string, string][], done: (error?: unknown) => void): void {
    const steps = entries.flatMap(([name, value]) =>
      (this.params.get(name) ?? []).map((handler) => ({ handler, value })),
    );
    const step = (index: number, error?: unknown): void => {
      const next = steps[index];
      if (error !== undefined || !next) return done(error);
      this.#call(next.handler as Handler, [this.req, this.res], (problem) => step(index + 1, problem), [next.value]);
    };
    step(0);
  }

  #runHandlers(layer: Layer, index: number, error: unknown, leave: (error?: unknown) => void): void {
    const handler = layer.handlers[index];
    if (!handler) return leave(error);
    const takesError = handler.length === 4;
    if (takesError !== (error !== undefined)) return this.#runHandlers(layer, index + 1, error, leave);
    const args = takesError ? [error, this.req, this.res] : [this.req, this.res];
    this.#call(handler, args, (problem) => {
      if (problem === 'route' || problem === 'router') return problem === 'route' ? leave() : this.done();
      this.#runHandlers(layer, index + 1, problem, leave);
    });
  }

  /** Calls one handler; whatever it throws, now or later, goes on to the next error handler, once. */
  #call(handler: Handler, args: unknown[], next: (error?: unknown) => void, extra: unknown[] = []): void {
    let called = false;
    const once = (error?: unknown): void => {
      if (called) return;
      called = true;
      // `next(null)` and `next(undefined)` both mean: no error.
      next(error ?? undefined);
    };
    const failed = (error: unknown): void => once(error ?? new Error('a handler threw nothing'));
    try {
      const result = handler(...args, once, ...extra);
      if (isThenable(result)) Promise.resolve(result).then(undefined, failed);
    } catch (error) {
      failed(error);
    }
  }
}

const isThenable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

function withoutBody(answer: Answer): Answer {
  const length = answer.headers['content-length'] ?? String(answer.body.length);
  return { ...answer, headers: { ...answer.headers, 'content-length': length }, body: new Uint8Array(0) };
}
