// node [--experimental-websocket] talk.mjs builtin|ws JSON
//
// Opens connections one after the other, as [{"url", "protocols", "headers", "send": [TEXT],
// "receive": COUNT}] says, and prints {"protocol", "messages": [TEXT], "code"} on a line for each.
import { createRequire } from "node:module";

const [kind, talks] = [process.argv[2], JSON.parse(process.argv[3])];
// Debian's node-ws is found by NODE_PATH, which `import` does not look at.
const Socket = kind === "ws" ? createRequire(import.meta.url)("ws") : WebSocket;

function talk({ url, protocols = [], headers, send = [], receive }) {
  return new Promise((done) => {
    const socket = headers ? new Socket(url, protocols, { headers }) : new Socket(url, protocols);
    const heard = { protocol: "", opened: false, messages: [], code: 0 };
    socket.onopen = () => {
      [heard.protocol, heard.opened] = [socket.protocol, true];
      send.forEach((text) => socket.send(text));
    };
    socket.onmessage = ({ data }) => {
      heard.messages.push(data);
      if (heard.messages.length === receive) socket.close(1000, "enough");
    };
    // Node 20's own does not tell of a close where there was no opening.
    socket.onerror = () => heard.opened || done({ ...heard, code: 1006 });
    socket.onclose = ({ code }) => done({ ...heard, code });
  });
}

for (const one of talks) console.log(JSON.stringify(await talk(one)));
