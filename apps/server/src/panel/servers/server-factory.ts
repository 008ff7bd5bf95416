import { randomUUID } from 'node:crypto';
import { limitsSchema, serverNameSchema, variablesSchema, type ServerCreate } from '@sodium/contract';
import { z } from 'zod';
import { HttpError } from '../../http-error.js';
import type { HookPort } from '../../plugins/hooks-port.js';
import type { CoreStore, Document } from '../../storage/index.js';
import { KeyedLock } from '../../keyed-lock.js';
import { DEFAULT_PORTS, findFreePort, type PortRange } from './free-port.js';
import type { Runtime, ServerSpec } from './runtime.js';
import type { ServerDirectory } from './server-directory.js';
import { hookUser, type Actor, type ServerRecord } from './server-record.js';
import { resolveVariables } from './templates/fill-template.js';
import type { TemplateDefinition } from './templates/template-definition.js';
import type { TemplateRegistry } from './templates/template-registry.js';

/** What plugins may change of a server before it is made; checked again after they did. */
const draftSchema = z.object({ name: serverNameSchema, limits: limitsSchema, variables: variablesSchema });
type Draft = z.infer<typeof draftSchema>;
const countersSchema = z.object({ lastServerNumber: z.int() });

export interface ServerFactoryDeps {
  store: CoreStore;
  directory: ServerDirectory;
  hooks: HookPort;
  runtime: Runtime;
  templates: TemplateRegistry;
  spec(record: Readonly<ServerRecord>): ServerSpec;
  ports?: PortRange;
}

/** Makes servers: what was asked for is checked, put to the plugins, checked again, given a port, and written down. */
export class ServerFactory {
  readonly #deps: ServerFactoryDeps;
  readonly #counters: Document<z.infer<typeof countersSchema>>;
  readonly #lock = new KeyedLock();

  constructor(deps: ServerFactoryDeps) {
    this.#deps = deps;
    this.#counters = deps.store.document('server-numbers', countersSchema, { lastServerNumber: 0 });
  }

  create(actor: Actor, body: ServerCreate): Promise<Readonly<ServerRecord>> {
    // One after another for each user, or two at once would both pass a plugin that counts.
    return this.#lock.run(actor.id, async () => {
      const template = this.template(body.template);
      this.refuseUnisolated(actor, template);
      resolveVariables(template, body.variables);
      const draft = await this.#ask(actor, body);
      // Numbers and ports are given to one server at a time.
      const record = await this.#lock.run('', () => this.#insert(actor, template, draft));
      await this.#makeFolder(record);
      return record;
    });
  }

  template(id: string): TemplateDefinition {
    const template = this.#deps.templates.get(id);
    if (template) return template;
    const known = this.#deps.templates.list().map((each) => `"${each.id}"`);
    throw new HttpError(400, 'UNKNOWN_TEMPLATE', `There is no template "${id}". Expected one of ${known.join(', ')}.`);
  }

  refuseUnisolated(actor: Actor, template: TemplateDefinition): void {
    if (!template.runsAnyProgram || actor.role === 'admin' || this.#deps.runtime.isolation.kind !== 'none') return;
    throw new HttpError(
      403,
      'ISOLATION_REQUIRED',
      `Only an admin may use the template "${template.id}" here: it runs any program, and servers on this machine are not isolated.`,
    );
  }

  /** The variables after a change; those that are not named stay. */
  patchVariables(actor: Actor, record: Readonly<ServerRecord>, given: Record<string, string>): Record<string, string> {
    const template = this.template(record.template);
    const { PORT, ...rest } = given;
    // A form sends back what it was given; asking for another port is something else.
    if (PORT !== undefined && PORT !== String(record.port))
      throw new HttpError(400, 'INVALID_VARIABLES', `The variable "PORT" is set by the panel: it is "${record.port}".`);
    this.refuseUnisolated(actor, template);
    // A template that was edited may have fewer variables than the server was made with.
    const known = new Set(template.variables.map((variable) => variable.name));
    const kept = Object.fromEntries(Object.entries(record.variables).filter(([name]) => known.has(name)));
    return resolveVariables(template, { ...kept, ...rest });
  }

  async #ask(actor: Actor, body: ServerCreate): Promise<Draft> {
    const serverCount = this.#deps.directory.list(null).filter((server) => server.owner === actor.id).length;
    const { name, template, variables } = body;
    const result = await this.#deps.hooks.before('server:beforeCreate', {
      user: { ...hookUser(actor), serverCount },
      server: { name, template, limits: { ...body.limits } as Record<string, number>, variables: { ...variables } },
    });
    if (result.kind === 'denied')
      throw new HttpError(403, 'SERVER_CREATE_DENIED', result.reason, { plugin: result.plugin });
    const changed = draftSchema.safeParse(result.context.server);
    if (changed.success) return changed.data;
    const why = changed.error.issues.map((issue) => `"${issue.path.join('.')}": ${issue.message}`).join(' ');
    throw new HttpError(
      502,
      'SERVER_DRAFT_INVALID',
      `A plugin changed the server into one that cannot be created. ${why}`,
    );
  }

  async #insert(actor: Actor, template: TemplateDefinition, draft: Draft): Promise<Readonly<ServerRecord>> {
    const { collection } = this.#deps.directory;
    const variables = resolveVariables(template, draft.variables);
    const records = collection.all();
    const port = await findFreePort(this.#deps.ports ?? DEFAULT_PORTS, new Set(records.map((record) => record.port)));
    const number = Math.max(this.#counters.get().lastServerNumber, ...records.map((record) => record.number)) + 1;
    await this.#counters.update({ lastServerNumber: number });
    return collection.insert({
      id: randomUUID(),
      number,
      name: draft.name,
      template: template.id,
      owner: actor.id,
      suspended: false,
      limits: draft.limits,
      variables,
      port,
      installed: template.install.length === 0,
      desired: 'stopped',
      createdAt: new Date().toISOString(),
    });
  }

  async #makeFolder(record: Readonly<ServerRecord>): Promise<void> {
    try {
      await this.#deps.runtime.create(this.#deps.spec(record));
    } catch (error) {
      await this.#deps.directory.collection.delete(record.id);
      throw error;
    }
  }
}
