declare module 'virtual:sodium-shared-versions' {
  const versions: Readonly<Record<string, string>>;
  export default versions;
}
