import { isForAdminsOnly, type RegistryEntry } from '@sodium/contract';

/**
 * The registry for those who are no admins: pages that only admins may open, what links to them, and tabs of the admin
 * area are nobody else's business, by their titles and addresses too.
 */
export function withoutAdminParts(entries: readonly RegistryEntry[]): RegistryEntry[] {
  const pages = entries.flatMap(({ contributes }) => contributes?.pages ?? []);
  return entries.map((entry) => {
    const { contributes } = entry;
    if (!contributes) return entry;
    const kept = {
      ...contributes,
      pages: contributes.pages?.filter(({ admin }) => !admin),
      sidebar: contributes.sidebar?.filter(({ href }) => !isForAdminsOnly(href, pages)),
      adminTabs: [],
    };
    return { ...entry, contributes: kept };
  });
}
