import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createLogger } from './logger.js';
import { openStorage } from './open-storage.js';
import { AccountService } from './panel/users/account-service.js';
import { SessionService } from './panel/users/session-service.js';
import { HookBus } from './plugins/hooks/hook-bus.js';

/** Who the audit log names: whoever may write to the panel's files. */
const ACTOR = { id: null, username: 'the panel’s machine' };

/**
 * Gives an account a new password and ends its sessions, for the only admin who forgot theirs. Returns the password,
 * which is kept nowhere. The panel must not run: it has the accounts in its memory.
 */
export async function resetPassword(dataDirectory: string, login: string): Promise<string> {
  await refuseOtherOwner(dataDirectory);
  const storage = await openStorage(dataDirectory, createLogger('error'));
  try {
    const sessions = new SessionService(storage.core);
    const accounts = new AccountService({
      store: storage.core,
      hooks: new HookBus(),
      sessions,
      registrationOpen: () => false,
    });
    const user = accounts.find(login);
    if (!user) throw new Error(unknownUser(login, accounts));
    const password = randomBytes(12).toString('base64url');
    await accounts.updateAny(user.id, { password });
    const details = { before: user.role, after: user.role, passwordChanged: true };
    await storage.audit.append({ actor: ACTOR, action: 'user.update', target: user.username, details });
    return password;
  } finally {
    await storage.close();
  }
}

/** Files written as somebody else could not be read by the panel afterwards; and a folder without accounts is not made. */
async function refuseOtherOwner(dataDirectory: string): Promise<void> {
  const folder = path.join(dataDirectory, 'db', 'panel');
  const owner = await stat(folder).catch(() => null);
  if (!owner)
    throw new Error(`No panel has kept accounts in "${dataDirectory}". SODIUM_DATA names the panel’s data folder.`);
  const own = process.getuid?.();
  if (own !== undefined && owner.uid !== own)
    throw new Error(
      `"${folder}" belongs to the system’s user ${owner.uid}, and this is user ${own}. Run it as that one.`,
    );
}

function unknownUser(login: string, accounts: AccountService): string {
  const admins = accounts.list().filter(({ role }) => role === 'admin');
  const names = admins.map(({ username }) => `"${username}"`).join(', ') || 'none';
  return `No account has the user name or email address "${login}". Admins are: ${names}.`;
}
