/** The version that plugins' `sodium` ranges are checked against. */
export const SODIUM_VERSION = '1.0.0';
