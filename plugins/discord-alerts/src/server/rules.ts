import type { Document } from '@sodium/sdk';
import { KINDS, type Kind, type Rule, type RuleView } from '../shapes.js';
import { Fault, type Context } from './context.js';
import { DEFAULTS, faultOf, PLACEHOLDERS } from './template.js';

const RULES = 'rules';

/** What is told, how, and to whom. The switches are settings; words and mentions are kept here. */
export class Rules {
  constructor(readonly context: Context) {
    context.db.registerCollections([RULES]);
  }

  readonly of = (kind: Kind): Rule => this.context.db.get<Document & Rule>(RULES, kind) ?? DEFAULTS[kind];

  isOn(kind: Kind): boolean {
    return this.context.config.get(`on_${kind}`) !== false;
  }

  all(): RuleView[] {
    return KINDS.map((kind) => {
      const { title, body, roles, users } = this.of(kind);
      const changed = this.context.db.get(RULES, kind) !== null;
      return {
        kind,
        title,
        body,
        roles,
        users,
        changed,
        enabled: this.isOn(kind),
        placeholders: [...PLACEHOLDERS[kind]],
      };
    });
  }

  async save(kind: Kind, rule: Rule, enabled: boolean): Promise<void> {
    this.check(kind, rule);
    const { db, config } = this.context;
    if (!db.update(RULES, kind, { ...rule })) db.insert(RULES, { id: kind, ...rule });
    if (this.isOn(kind) !== enabled) await config.set(`on_${kind}`, enabled);
  }

  reset(kind: Kind): void {
    this.context.db.delete(RULES, kind);
  }

  check(kind: Kind, { title, body }: Pick<Rule, 'title' | 'body'>): void {
    const fault = faultOf(kind, title) ?? faultOf(kind, body);
    if (fault) throw new Fault(400, 'INVALID_INPUT', fault);
  }
}
