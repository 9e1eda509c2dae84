/**
 * Version of the control protocol and of the state file, which lite_server.py implements. A server of another version
 * is never used.
 */
export const LITE_PROTOCOL = 1;

/** Name of the state file in a folder's state folder. */
export const STATE_FILE = 'server.json';

/** Name of the log in a folder's state folder. */
export const LOG_FILE = 'server.log';
