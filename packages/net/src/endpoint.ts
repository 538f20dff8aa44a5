/** As messages show it: `localhost:80`, `[::1]:80`. */
export function formatEndpoint(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}
