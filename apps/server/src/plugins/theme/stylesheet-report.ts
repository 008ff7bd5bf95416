import type { CssNode } from 'css-tree';
import type { FolderFault } from '../package/read-folder.js';

/** Enough to mend a stylesheet by; a file of nonsense does not fill the admin's page. */
const MAX_FAULTS = 20;

/** Collects what is wrong with one stylesheet, each fault with its line and column. */
export class StylesheetReport {
  readonly faults: FolderFault[] = [];

  constructor(
    readonly file: string,
    /** The paths of the package's files, for the addresses that the stylesheet names. */
    readonly packageFiles: ReadonlySet<string>,
  ) {}

  refuse(node: Pick<CssNode, 'loc'> | null, problem: string, fix: string): void {
    const start = node?.loc?.start;
    this.refuseAt(start?.line ?? 1, start?.column ?? 1, problem, fix);
  }

  refuseAt(line: number, column: number, problem: string, fix: string): void {
    if (this.faults.length >= MAX_FAULTS) return;
    const where = `${this.file}:${line}:${column}`;
    this.faults.push({ path: where, message: `${where}: ${problem}`, fix });
  }
}
