import { msg, str } from '@lit/localize';
import type { PowerAction, Server } from '@sodium/contract';
import type { Shell } from '../shell.js';

/** What may be asked of a server in its present state. */
export function allowedActions({ state, suspended }: Pick<Server, 'state' | 'suspended'>): PowerAction[] {
  if (suspended) return state === 'offline' ? [] : ['stop', 'kill'];
  switch (state) {
    case 'offline':
      return ['start'];
    case 'running':
      return ['restart', 'stop', 'kill'];
    case 'starting':
      return ['stop', 'kill'];
    case 'stopping':
      return ['kill'];
    case 'installing':
      return [];
  }
}

export function actionLabel(action: PowerAction): string {
  return { start: msg('Start'), stop: msg('Stop'), restart: msg('Restart'), kill: msg('Kill') }[action];
}

export const ACTION_ICONS: Record<PowerAction, string> = {
  start: 'play',
  stop: 'square',
  restart: 'rotate-cw',
  kill: 'skull',
};

/** Asks the panel; a refusal (by a plugin, for example) is shown with its reason. */
export async function power(shell: Shell, server: Server, action: PowerAction): Promise<void> {
  if (action === 'kill' && !(await confirmKill(shell, server))) return;
  try {
    await shell.api.post(`/api/servers/${encodeURIComponent(server.id)}/power`, { action });
  } catch (error) {
    shell.fail(error);
  }
}

function confirmKill(shell: Shell, server: Server): Promise<boolean> {
  return shell.confirm({
    title: msg('Kill this server?'),
    message: msg(str`“${server.name}” ends at once, without saving anything. Use Stop to let it end by itself.`),
    confirmLabel: msg('Kill'),
    danger: true,
  });
}
