/** Syntax of AWS's names, as its service models give it. */

export const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;
export const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
export const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
export const PACK_NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;
export const SOURCE_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;
