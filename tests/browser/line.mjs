// A line to the service that a test can cut, and that can pretend another version
// of the pages; and the service itself, killed and started by who runs the tests.
import http from 'node:http';
import { url } from './helpers.mjs';

const control = process.env.YAOKU_CONTROL;
export const needsControl = control ? false : 'YAOKU_CONTROL is not set';
export const tellService = async (what) => {
  const answer = await fetch(`${control}/${what}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`${what}: ${await answer.text()}`);
};

export class Line {
  constructor() {
    this.real = null; // the version of the pages that the service has
    this.shown = null; // the one that this line pretends
    this.posts = []; // bodies of POST /scans that were answered 200
    this.server = null;
    this.port = 0;
  }

  get url() { return `http://127.0.0.1:${this.port}`; }

  async open() {
    this.real ??= (await (await fetch(`${url}/`)).text()).match(/\/v\/(\w+)\//)[1];
    this.shown ??= this.real;
    this.server = http.createServer((request, response) => this.pass(request, response));
    await new Promise((resolve) => { this.server.listen(this.port, '127.0.0.1', resolve); });
    this.port = this.server.address().port;
  }

  async cut() {
    const closed = new Promise((resolve) => { this.server.close(resolve); });
    this.server.closeAllConnections();
    await closed;
  }

  async pass(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const path = request.url.startsWith('/v/') && this.real !== this.shown
      ? request.url.replace(this.real, 'gone').replace(this.shown, this.real) : request.url;
    const headers = { ...request.headers, 'accept-encoding': 'identity', connection: 'close' };
    if (this.real !== this.shown) delete headers['if-none-match'];
    const onward = http.request(url + path, { method: request.method, headers }, async (answer) => {
      const parts = [];
      try {
        for await (const part of answer) parts.push(part);
      } catch {
        response.destroy();
        return;
      }
      let text = Buffer.concat(parts);
      const kind = answer.headers['content-type'] ?? '';
      if (path === '/sw.js' && this.real !== this.shown) text = Buffer.from(text.toString().replaceAll(/: "\w{4}/g, ': "0000'));
      if (/html|javascript/.test(kind)) text = Buffer.from(text.toString().replaceAll(this.real, this.shown));
      if (path === '/api/v1/scans' && answer.statusCode === 200 && request.method === 'POST') {
        this.posts.push(...[JSON.parse(body)].flat());
      }
      const { 'content-length': length, 'transfer-encoding': coding, connection, etag, ...rest } = answer.headers;
      response.writeHead(answer.statusCode, { ...rest, ...(this.real === this.shown && etag ? { etag } : {}), 'content-length': text.length });
      response.end(text);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  }
}
