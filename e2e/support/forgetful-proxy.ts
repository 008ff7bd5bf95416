import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Panel } from './panel.js';

/** Stands before a panel and leaves one header out of its answers: to a browser that does not know it, it is as if so. */
export class ForgetfulProxy {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(panel: Panel, header: string): Promise<ForgetfulProxy> {
    const server = createServer((req, res) => {
      const passed = request(panel.url + req.url!, { method: req.method, headers: req.headers }, (answer) => {
        const headers = { ...answer.headers };
        delete headers[header];
        res.writeHead(answer.statusCode!, headers);
        answer.pipe(res);
      });
      passed.on('error', () => res.destroy());
      res.on('close', () => passed.destroy());
      req.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ForgetfulProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
