// @ts-check
/**
 * The shapes that the widget and the server exchange (see /api/v1/openapi.json), as JSDoc types.
 *
 * @typedef {"customer" | "bot" | "agent" | "system"} Author
 * @typedef {{title: string, payload: string}} Button
 *
 * @typedef {object} Message
 * @property {string} id
 * @property {number} seq            order within the conversation; gaps are normal
 * @property {Author} author
 * @property {string | null} author_name
 * @property {string} text
 * @property {Button[]} buttons
 * @property {string} channel
 * @property {string | null} event   what it is in code, when nobody wrote it as a message
 * @property {string | null} image   the URL of a picture of the bot's
 * @property {Attachment[]} attachments
 * @property {string} created_at
 * @property {string | null} [client_id]  the id this widget gave it when sending
 *
 * @typedef {object} Conversation
 * @property {string} id
 * @property {"bot" | "waiting" | "agent" | "resolved"} state
 * @property {{name: string} | null} agent
 * @property {number | null} queue_position
 * @property {number | null} estimated_seconds  what most waited lately; null when nobody can say
 * @property {string | null} back_at  when the team is there again; null while it is
 * @property {boolean} bot_typing
 * @property {Survey | null} survey  what the customer may be asked now
 * @property {number} last_seq
 *
 * @typedef {object} Survey
 * @property {string} id
 * @property {number | null} csat    how satisfied they said they are, 1 to 5
 * @property {number | null} effort  how easy they said it was, 1 to 5
 *
 * @typedef {"connecting" | "connected" | "reconnecting" | "offline"} ConnectionState
 *
 * What the server says, over either transport:
 * @typedef {{type: "ready", conversation: Conversation | null}} ReadyFrame
 * @typedef {{type: "conversation", conversation: Conversation | null}} ConversationFrame
 * @typedef {{type: "message", message: Message}} MessageFrame
 * @typedef {{type: "typing", author: "bot" | "agent", name: string | null}} TypingFrame
 * @typedef {{type: "error", error: {code: string, message: string}, id?: string}} ErrorFrame
 * @typedef {{type: "pong"}} PongFrame
 * @typedef {ReadyFrame | ConversationFrame | MessageFrame | TypingFrame | ErrorFrame | PongFrame} Frame
 *
 * One line of the transcript, confirmed by the server or still on its way.
 * @typedef {{kind: string, name: string | null, size: number | null, url: string | null}} Attachment
 *
 * @typedef {object} Entry
 * @property {string} key            stays the same when a sent message is confirmed
 * @property {Author} author
 * @property {string | null} name
 * @property {string} text
 * @property {string} at
 * @property {Button[]} buttons
 * @property {string} channel
 * @property {string | null} event
 * @property {string | null} image
 * @property {Attachment[]} attachments
 * @property {"sent" | "sending" | "waiting" | "failed"} state
 * @property {string | null} error
 * @property {number | null} seq
 */
export {};
