import { createHmac, randomBytes } from 'node:crypto';

const QUALITIES =
  'amber brave calm clever cosmic crisp dusty eager fuzzy gentle golden hidden icy jolly keen lucky mellow noble quiet rapid rusty silent sunny swift tidy velvet vivid wild wise young'.split(
    ' ',
  );
const CREATURES =
  'badger beaver bison crane dingo falcon ferret fox gecko heron ibis jackal koala lemur lynx magpie marten moose newt otter owl panda puffin raven seal stoat tapir viper walrus wombat'.split(
    ' ',
  );
const PLACES =
  'arena atoll basin canyon cavern citadel cove crater delta desert fjord forest garden glacier grove harbor island lagoon meadow mesa oasis orchard peak plain reef ridge summit tundra valley village'.split(
    ' ',
  );

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/**
 * Other names for people, servers and addresses, and other ids. The same thing always gets the same one, so that what a
 * plugin shows fits together; which thing it was cannot be found out without the key, which is new at each start of the panel.
 */
export class Pseudonyms {
  constructor(private readonly key: Buffer = randomBytes(32)) {}

  /** Of the same shape. Nothing outside of previews knows it. */
  id(id: string): string {
    const hex = this.#bytes('id', id.toLowerCase()).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** The same text, or whatever else JSON keeps, with other ids wherever there are some. */
  ids<T>(value: T): T {
    if (typeof value === 'string') return value.replaceAll(UUID, (id) => this.id(id)) as T;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((entry) => this.ids(entry as unknown)) as T;
    const entries = Object.entries(value).map(([key, entry]) => [this.ids(key), this.ids(entry as unknown)]);
    return Object.fromEntries(entries) as T;
  }

  /** The same names over ids as they are, for a plugin whose own documents hold them already. */
  get withRealIds(): Pseudonyms {
    return new NamesAlone(this.key);
  }

  username(id: string): string {
    const bytes = this.#bytes('user', id);
    return `${pick(QUALITIES, bytes[0])}-${pick(CREATURES, bytes[1])}-${bytes.readUInt16BE(2) % 1000}`;
  }

  /** No mail arrives at this domain. */
  email(id: string): string {
    return `${this.username(id)}@example.com`;
  }

  serverName(id: string): string {
    const bytes = this.#bytes('server', id);
    return `${pick(QUALITIES, bytes[0])} ${pick(PLACES, bytes[1])} ${bytes.readUInt16BE(2) % 100}`;
  }

  /** From a range that is set aside for documentation. */
  ip(address: string): string {
    const bytes = this.#bytes('ip', address);
    return `198.51.100.${1 + ((bytes[0] ?? 0) % 254)}`;
  }

  #bytes(kind: string, value: string): Buffer {
    return createHmac('sha256', this.key).update(`${kind}\0${value}`).digest();
  }
}

class NamesAlone extends Pseudonyms {
  override id(id: string): string {
    return id;
  }

  override ids<T>(value: T): T {
    return value;
  }
}

const pick = (words: readonly string[], byte = 0): string => words[byte % words.length]!;
