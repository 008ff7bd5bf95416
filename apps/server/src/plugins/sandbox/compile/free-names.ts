export interface FreeNames {
  exports: string;
  importModule: string;
  importMeta: string;
  templates: string;
  privateImport: string;
}

/** Names that the source does not contain anywhere. */
export function freeNames(source: string): FreeNames {
  let prefix = '$sodium';
  for (let n = 1; source.includes(prefix); n++) prefix = `$sodium${n}_`;
  return {
    exports: `${prefix}Exports`,
    importModule: `${prefix}Import`,
    importMeta: `${prefix}Meta`,
    templates: `${prefix}Templates`,
    privateImport: `#${prefix}Private`,
  };
}
