import type { Embed, Kind, Rule } from '../shapes.js';
import { groupEvents } from './coalesce.js';
import { embedOf, foldedEmbed, LIMITS } from './embeds.js';
import type { QueuedEvent } from './queued-event.js';

/** The body of a request to a webhook. */
export interface WebhookBody {
  username?: string;
  content?: string;
  embeds: Embed[];
  allowed_mentions: { parse: []; roles?: string[]; users?: string[] };
}

export interface Message {
  body: WebhookBody;
  events: QueuedEvent[];
}

/** Discord takes so many ids of a kind. */
const MOST_IDS = 100;

const lengthOf = ({ title, description, footer }: Embed): number =>
  title.length + description.length + (footer?.text.length ?? 0);

/** The first message of what waits: as much as Discord takes in one. */
export function composeMessage(
  events: readonly QueuedEvent[],
  ruleOf: (kind: Kind) => Rule,
  username?: string,
): Message {
  const embeds: Embed[] = [];
  const taken: QueuedEvent[] = [];
  const mentions = new Mentions();
  let length = 0;
  for (const group of groupEvents(events)) {
    const [first] = group;
    const embed = group.length > 1 ? foldedEmbed(group) : embedOf(first!, ruleOf(first!.kind));
    if (embeds.length > 0 && first!.alone) break;
    const rules = [...new Set(group.map(({ kind }) => kind))].map(ruleOf);
    length += lengthOf(embed);
    const full = embeds.length === LIMITS.embeds || length > LIMITS.total || !mentions.add(rules);
    if (embeds.length > 0 && full) break;
    embeds.push(embed);
    taken.push(...group);
    if (first!.alone) break;
  }
  const body = { ...(username ? { username } : {}), ...mentions.body(), embeds };
  return { body, events: taken };
}

/** Who is called by a message: only ids that an admin has written down, whatever its text says. */
class Mentions {
  #roles = new Set<string>();
  #users = new Set<string>();

  /** False when there is no room for them. */
  add(rules: readonly Pick<Rule, 'roles' | 'users'>[]): boolean {
    const roles = new Set([...this.#roles, ...rules.flatMap((rule) => rule.roles)]);
    const users = new Set([...this.#users, ...rules.flatMap((rule) => rule.users)]);
    const tooMany = roles.size > MOST_IDS || users.size > MOST_IDS;
    if (tooMany || content(roles, users).length > LIMITS.content) return false;
    this.#roles = roles;
    this.#users = users;
    return true;
  }

  body(): Pick<WebhookBody, 'content' | 'allowed_mentions'> {
    const [roles, users] = [[...this.#roles], [...this.#users]];
    const text = content(this.#roles, this.#users);
    return {
      ...(text ? { content: text } : {}),
      allowed_mentions: {
        parse: [],
        ...(roles.length > 0 ? { roles } : {}),
        ...(users.length > 0 ? { users } : {}),
      },
    };
  }
}

const content = (roles: ReadonlySet<string>, users: ReadonlySet<string>): string =>
  [...[...roles].map((id) => `<@&${id}>`), ...[...users].map((id) => `<@${id}>`)].join(' ');
