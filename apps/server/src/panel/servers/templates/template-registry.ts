import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from '@sodium/contract';
import { z } from 'zod';
import type { StoreProblem } from '../../../storage/index.js';
import { genericCommand } from './generic-command.js';
import { nodejsApp } from './nodejs-app.js';
import { staticSite } from './static-site.js';
import { templateDefinitionSchema, type TemplateDefinition } from './template-definition.js';

/** What kinds of servers there are: those that come with the panel and those in `data/templates`. */
export class TemplateRegistry {
  readonly #templates = new Map<string, TemplateDefinition>();
  /** Files that are not usable, and how to mend them. */
  readonly problems: StoreProblem[] = [];

  static async load(directory: string): Promise<TemplateRegistry> {
    const registry = new TemplateRegistry();
    for (const source of [nodejsApp, staticSite, genericCommand]) {
      const template = templateDefinitionSchema.parse(source);
      registry.#templates.set(template.id, template);
    }
    const names = (await readdir(directory).catch(() => [] as string[])).filter((name) => name.endsWith('.json'));
    for (const name of names.sort()) await registry.#read(join(directory, name), name.slice(0, -'.json'.length));
    return registry;
  }

  list(): Template[] {
    return [...this.#templates.values()].map(({ id, name, description, icon, variables }) => ({
      id,
      name,
      description,
      ...(icon ? { icon } : {}),
      variables,
    }));
  }

  get(id: string): TemplateDefinition | undefined {
    return this.#templates.get(id);
  }

  async #read(file: string, id: string): Promise<void> {
    const fix = 'Mend the file and restart the panel, or remove it.';
    try {
      const template = templateDefinitionSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      if (template.id !== id)
        this.problems.push({
          file,
          message: `The template's id is "${template.id}", expected "${id}" as in the file's name.`,
          fix,
        });
      // An admin's file may replace a shipped template.
      else this.#templates.set(id, template);
    } catch (error) {
      this.problems.push({ file, message: explain(error), fix });
    }
  }
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map((issue) => `"${issue.path.join('.')}": ${issue.message}`).join(' ');
  if (error instanceof SyntaxError) return `It is not valid JSON: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
