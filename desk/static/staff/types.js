// @ts-check
/**
 * The shapes of `/api/v1` as the pages of the staff read them; types only, nothing runs here.
 *
 * @typedef {{id: string, email: string, name: string, role: "agent"|"lead"|"admin"}} User
 * @typedef {{id: string, name: string}} Named
 * @typedef {{title: string, payload: string}} OfferedButton
 *
 * @typedef {object} Attachment what a customer sent beside words
 * @property {"image"|"audio"|"video"|"file"|"sticker"|"location"|"contact"} kind
 * @property {string|null} name
 * @property {string|null} content_type
 * @property {number|null} size bytes
 * @property {number|null} latitude
 * @property {number|null} longitude
 * @property {string|null} url on this server; null where there is nothing to fetch
 *
 * @typedef {"pending"|"sending"|"sent"|"delivered"|"read"|"failed"|"dead"|"unknown"|
 *   "dropped"} DeliveryState
 * @typedef {{state: DeliveryState, error: string|null}} Delivery
 * @typedef {Delivery & {message_id: string}} Receipt
 *
 * @typedef {object} Message
 * @property {string} id
 * @property {number} seq
 * @property {string|null} turn_id
 * @property {"customer"|"bot"|"agent"|"system"} author
 * @property {string|null} author_name
 * @property {string} text
 * @property {OfferedButton[]} buttons
 * @property {string} channel
 * @property {string} created_at
 * @property {string|null} in_reply_to
 * @property {boolean} private
 * @property {string|null} [client_id] the uuid the sender chose; null or absent on others
 * @property {string|null} event what it is in code, when nobody wrote it as a message
 * @property {string|null} about the id of the message that the event is about
 * @property {string|null} image the URL of a picture of the bot's
 * @property {Attachment[]} attachments
 * @property {Delivery|null} delivery how far it got; null on customers' and private lines
 * @property {"sending"|"failed"} [unsent] set on this page only, while the server has not confirmed
 * @property {string} [problem] why it was not sent, in words
 *
 * @typedef {"bot"|"waiting"|"agent"|"resolved"} ConversationState
 * @typedef {{code: string, text: string}} Reason
 *
 * @typedef {{agent: Named, until: string}} Offer
 *
 * @typedef {object} Place of a hand-off in its queue
 * @property {string} queue
 * @property {"normal"|"high"|"urgent"|"returned"} priority
 * @property {string} ranked_at who waits is served by rising `ranked_at`
 * @property {string|null} warn_at
 * @property {string|null} due_at until when a first reply was promised
 * @property {string|null} replied_at when it came
 * @property {Offer|null} offer who is being asked to take them
 * @property {string|null} tier the customer's membership, in the shop's word
 *
 * @typedef {{id: string, state: string, reason: Reason, intent: string|null, requested_at: string} & Place} Brief
 *
 * @typedef {object} Agent what a user serves
 * @property {string} user_id
 * @property {"online"|"away"|"wrap_up"} presence
 * @property {string[]} queues none are all of them
 * @property {string[]} skills
 * @property {number} capacity
 * @property {number} load
 * @property {number} missed_offers in a row
 *
 * @typedef {{id: string, name: string, writing: boolean}} Colleague who has the same conversation open
 *
 * @typedef {object} Conversation
 * @property {string} id
 * @property {ConversationState} state
 * @property {number} owner_epoch
 * @property {string} channel
 * @property {Named} customer
 * @property {Named|null} agent
 * @property {string} created_at
 * @property {string} updated_at
 * @property {Message|null} last_message
 * @property {Brief|null} handoff
 * @property {{at: string, until: string|null}|null} snoozed put off by its agent
 * @property {string[]} mentions the ids of users mentioned in a note who have not looked yet
 * @property {string[]} tags
 * @property {boolean} blocked whether nobody is asked to answer its customer
 *
 * @typedef {object} FoundLine where a search found its words; the parts make one line
 * @property {string|null} message_id null where it is the customer's name
 * @property {Message["author"]|null} author
 * @property {boolean} private
 * @property {{text: string, hit: boolean}[]} parts
 *
 * @typedef {object} Signal something the customer just did or met
 * @property {string} id
 * @property {string} kind
 * @property {string} at
 * @property {string|null} about an order's number, a SKU or a page's path
 *
 * @typedef {object} Prepared a change that the bot prepared and an agent decides on
 * @property {string} id
 * @property {string} title
 * @property {string} why
 * @property {string} name
 * @property {Record<string, unknown>} arguments
 * @property {"waiting"|"trying"|"approved"|"refused"|"failed"|"declined"} state
 * @property {Record<string, unknown>|null} result
 * @property {string|null} outcome what came of it, in words
 * @property {string|null} by
 * @property {string|null} at
 *
 * @typedef {object} Change what was changed outside in a conversation
 * @property {string} name
 * @property {string} text
 * @property {"made"|"refused"|"unknown"} state
 * @property {string} outcome
 * @property {string} by
 * @property {string|null} how
 * @property {string|null} reference
 * @property {Record<string, unknown>} before
 * @property {Record<string, unknown>} after
 * @property {string} turn_id
 * @property {string} at
 *
 * @typedef {object} Who who the customer is taken to be, and by what
 * @property {string} name
 * @property {"anyone"|"known"|"verified"} level
 * @property {string} how what their address proves
 * @property {string|null} proof what they proved in the conversation
 *
 * @typedef {{message_id: string, level: "calm"|"annoyed"|"upset", score: number}} Mood
 * @typedef {{message_id: string, text: string, why: "wish"|"weight"|"newest"}} SummaryLine
 *
 * @typedef {object} Callback a call that was asked for while nobody was there
 * @property {string} number
 * @property {string} text the number as people write it
 * @property {string} words what they said with it
 * @property {string|null} by who called
 * @property {string|null} at when; null until then
 *
 * @typedef {object} Collected
 * @property {string} name
 * @property {unknown} value
 * @property {string|null} source
 * @property {string|null} message_id where it was said
 * @property {boolean} settable whether the bot can be told it
 *
 * @typedef {object} Tried
 * @property {string} action
 * @property {"ok"|"failed"|"refused"|"unknown"} result
 * @property {string|null} detail
 * @property {string|null} about the intent it was for
 *
 * @typedef {Brief & CardFacts} Card
 *
 * @typedef {object} CardFacts
 * @property {string|null} contact an e-mail address left while nobody was there
 * @property {Callback|null} callback
 * @property {{agent: string, reason: "connection"|"revoked", at: string}|null} lost
 * @property {string|null} evidence
 * @property {string|null} accepted_at
 * @property {Named|null} agent
 * @property {Signal[]} signals what leads first, then the newest
 * @property {{intent: string|null, text: string|null, message_id: string|null}|null} wants
 * @property {Prepared[]} prepared
 * @property {Who} who
 * @property {Mood[]} mood how the customer's newest messages sound, oldest first
 * @property {Collected[]} collected
 * @property {Tried[]} tried
 * @property {string|null} turn_id
 *
 * @typedef {object} CustomerIdentity
 * @property {string} channel
 * @property {string} address
 * @property {string|null} verification
 *
 * @typedef {object} Join two who turned out to be one customer
 * @property {string} id
 * @property {string} channel
 * @property {string} proof
 * @property {string} created_at
 * @property {string|null} undone_at
 * @property {string|null} undone_by
 *
 * @typedef {object} EarlierConversation
 * @property {string} id
 * @property {string} channel
 * @property {string} updated_at
 * @property {Message|null} last_message
 *
 * @typedef {object} Customer
 * @property {string} id
 * @property {string} name
 * @property {CustomerIdentity[]} identities
 * @property {Join[]} joins
 * @property {EarlierConversation[]} earlier
 * @property {{level: "anyone"|"known"|"verified", how: string}|null} verification
 *
 * @typedef {object} Survey what the customer was asked after it, from 1 to 5, best
 * @property {string} asked_at
 * @property {string|null} answered_at
 * @property {number|null} csat how satisfied they are
 * @property {number|null} effort how easy it was to get help
 * @property {string|null} comment
 *
 * @typedef {Survey & {id: string, conversation_id: string, customer: {id: string, name: string},
 *   agent: {id: string, name: string}|null,
 *   channel: string, queue: string}} ListedSurvey
 *
 * @typedef {object} Figures means from 1 to 5, `satisfied` the share of those with 4 or 5
 * @property {number} asked
 * @property {number} answered
 * @property {number|null} csat
 * @property {number|null} satisfied
 * @property {number|null} effort
 *
 * @typedef {object} Satisfaction
 * @property {Figures} total
 * @property {(Figures & {day: string})[]} days
 * @property {(Figures & {agent: {id: string, name: string}|null})[]} agents
 * @property {(Figures & {channel: string})[]} channels
 * @property {(Figures & {queue: string, name: string})[]} queues
 *
 * @typedef {object} NextAction something that can be done for the customer now
 * @property {string} name
 * @property {string} title
 * @property {string|null} will what the customer would be asked before it
 * @property {string|null} why what takes it beyond what the bot may do alone
 * @property {string[]} fields what has to be filled in first
 * @property {string} version differs as soon as something else would be done; confirmed with it
 *
 * @typedef {object} WrapUp what the agent who resolved it last said of it
 * @property {"solved"|"not_solved"|"spam"} outcome
 * @property {string|null} intent
 * @property {Named|null} agent
 * @property {string} at
 *
 * @typedef {object} Block who is not answered; `channel` where an address alone is meant
 * @property {string} id
 * @property {string} conversation_id
 * @property {Named} customer
 * @property {string|null} channel
 * @property {"spam"|"abuse"|"threats"|"fraud"|"other"} reason
 * @property {Named|null} by
 * @property {string} at
 * @property {string|null} until
 * @property {string|null} lifted_at
 * @property {Named|null} lifted_by
 * @property {number} heard
 * @property {string|null} last_heard_at
 *
 * @typedef {Omit<Conversation, "customer"|"handoff"> & {customer: Customer, handoff: Card|null,
 *   wrap_up: WrapUp|null, survey: Survey|null, block: Block|null, changes: Change[], write_until: string|null, messages: Message[]}} ConversationDetail
 *
 * @typedef {object} Order
 * @property {string} number
 * @property {string} state
 * @property {string|null} placed_at
 * @property {number|string|null} total
 * @property {string|null} currency
 * @property {{name: string, size?: string|null, quantity: number}[]} [items]
 * @property {string|null} [address]
 * @property {string|null} [delivery_estimate]
 * @property {string|null} [delivered_on]
 * @property {string|null} [carrier]
 * @property {string|null} [tracking_code]
 * @property {{at: string, text: string, place: string|null}[]} [tracking_events]
 *
 * @typedef {{profile: Record<string, unknown>|null, orders: Order[], error: string|null}} CustomerContext
 *
 * @typedef {object} Turn
 * @property {string} id
 * @property {string} conversation_id
 * @property {string|null} message_id
 * @property {string} text
 * @property {string|null} intent
 * @property {number|null} confidence
 * @property {{intent: string, confidence: number}[]} ranking
 * @property {{entity: string, value: unknown}[]} entities
 * @property {string} outcome
 * @property {string|null} reason
 * @property {string[]} actions
 * @property {string} channel
 * @property {string|null} model
 * @property {string} created_at
 * @property {number|null} duration_ms
 * @property {GivenLabel[]} [labels] what leads said of it; frames come without
 *
 * @typedef {{by: string, intent: string|null}} GivenLabel
 *
 * @typedef {object} DeadLetter
 * @property {string} id
 * @property {"turn"|"delivery"} kind
 * @property {string} conversation_id
 * @property {string} channel
 * @property {"dead"|"unknown"} state
 * @property {string|null} error
 * @property {number} attempts
 * @property {string} text
 * @property {Message["author"]} author
 * @property {string} created_at
 *
 * @typedef {object} Webhook
 * @property {string} id
 * @property {string} url
 * @property {string[]} events
 * @property {boolean} active
 * @property {string} created_at
 * @property {number} waiting
 * @property {number} given_up
 *
 * @typedef {object} WebhookDelivery
 * @property {string} id
 * @property {string} event
 * @property {string} conversation_id
 * @property {"pending"|"sending"|"delivered"|"dead"|"dropped"} state
 * @property {number} tries
 * @property {number|null} status
 * @property {number|null} duration_ms
 * @property {string|null} error
 * @property {string} created_at
 * @property {string|null} next_try_at
 * @property {string|null} finished_at
 * @property {Record<string, unknown>|null} body
 *
 * @typedef {object} Passage of one of the shop's articles
 * @property {string} article
 * @property {string} title
 * @property {string} heading
 * @property {string} text
 * @property {string} url
 * @property {number} score
 *
 * @typedef {object} Suggestion a reply to take and edit
 * @property {string} id
 * @property {string} message_id the customer's message that it answers
 * @property {"answer"|"article"|"canned"} source
 * @property {string} title where in its source it is from
 * @property {string} text
 *
 * @typedef {{id: string, name: string, text: string}} CannedReply
 *
 * @typedef {{value: string, count: number}} FacetValue
 * @typedef {{intents: FacetValue[], outcomes: FacetValue[], channels: FacetValue[],
 *   reasons: FacetValue[]}} Facets
 */

/**
 * @template T
 * @typedef {{items: T[], next: string|null}} Page
 */

export {};
