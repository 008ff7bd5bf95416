declare module 'virtual:sodium-shared-versions' {
  export const versions: Readonly<Record<string, string>>;
}
