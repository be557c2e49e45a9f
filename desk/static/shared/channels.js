// @ts-check
/** Channels as people call them, the same on every page; pure. */

/** @type {Record<string, string>} */
const NAMES = {
  web: "Web chat",
  rest: "REST",
  socketio: "Socket.IO",
  twilio: "SMS",
  whatsapp: "WhatsApp",
  facebook: "Messenger",
  instagram: "Instagram",
  telegram: "Telegram",
  slack: "Slack",
};

/**
 * "WhatsApp", and "WhatsApp · outlet" of `whatsapp.outlet`, a further account; an unknown one by its code.
 *
 * @param {string} code
 */
export function channelName(code) {
  const [channel, account] = code.split(".", 2);
  const name = NAMES[channel] ?? channel.charAt(0).toUpperCase() + channel.slice(1);
  return account ? `${name} · ${account}` : name;
}
