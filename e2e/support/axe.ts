import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What axe finds on this page, each with its elements. None of these pages holds a frame, so that one pass sees it all. */
export async function axeFinds(page: Page): Promise<string[]> {
  // Otherwise it opens one more page for each result, to put those of frames together.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join(', ')}`,
  );
}
