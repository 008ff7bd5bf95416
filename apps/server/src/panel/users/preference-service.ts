import {
  BUILT_IN_THEME,
  colorModeSchema,
  dashboardLayoutSchema,
  type ColorMode,
  type DashboardLayout,
  type PreferencesPatch,
} from '@sodium/contract';
import { z } from 'zod';
import type { Collection, CoreStore } from '../../storage/index.js';
import { userRecordSchema } from './user-record.js';

const preferenceRecordSchema = z.object({
  id: z.string(),
  theme: z.string().nullable().default(null),
  mode: colorModeSchema.default('system'),
});
const dashboardRecordSchema = dashboardLayoutSchema.extend({ id: z.string() });

export interface UserPreferences {
  theme: string | null;
  mode: ColorMode;
}

/** How each user likes the panel: colours, and the order of the dashboard. It goes with its user. */
export class PreferenceService {
  readonly #preferences: Collection<z.infer<typeof preferenceRecordSchema>>;
  readonly #dashboards: Collection<z.infer<typeof dashboardRecordSchema>>;

  constructor(store: CoreStore) {
    this.#preferences = store.collection('preferences', preferenceRecordSchema);
    this.#dashboards = store.collection('dashboards', dashboardRecordSchema);
    store.collection('users', userRecordSchema).onChange(({ operation, id }) => {
      if (operation === 'delete') void this.#forget(id).catch(() => undefined);
    });
  }

  get(user: string): UserPreferences {
    const { theme = null, mode = 'system' } = this.#preferences.get(user) ?? {};
    return { theme, mode };
  }

  async update(user: string, patch: PreferencesPatch): Promise<UserPreferences> {
    await put(this.#preferences, { id: user, ...this.get(user), ...patch });
    return this.get(user);
  }

  dashboard(user: string): DashboardLayout {
    return { items: [...(this.#dashboards.get(user)?.items ?? [])] };
  }

  async arrangeDashboard(user: string, { items }: DashboardLayout): Promise<DashboardLayout> {
    await put(this.#dashboards, { id: user, items });
    return this.dashboard(user);
  }

  async #forget(user: string): Promise<void> {
    await Promise.all([this.#preferences.delete(user), this.#dashboards.delete(user)]);
  }
}

async function put<T extends { id: string }>(collection: Collection<T>, document: T): Promise<void> {
  if (collection.get(document.id)) await collection.update(document.id, document);
  else await collection.insert(document);
}

/** What is shown to somebody who chose `theme`: their choice while it is active, else the panel's default, else its own look. */
export function shownTheme(theme: string | null, defaultTheme: string, isActive: (id: string) => boolean): string {
  const usable = [theme, defaultTheme].find((id) => id !== null && (id === BUILT_IN_THEME || isActive(id)));
  return usable ?? BUILT_IN_THEME;
}
