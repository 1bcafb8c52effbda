// Firn's own rules for the linter.

const ERRORS = /^(error|cause|reason|problem)$/;
const TEXTS = /^(message|stack)$/;

/** Text of errors may hold secrets. Only the files that tell one error from another may look into it. */
const errorText = {
  meta: {
    type: 'problem',
    messages: {
      property: 'Make text of errors with errorText or errorTrace, which cannot tell a secret.',
      string: 'Make text of errors with errorText, which cannot tell a secret.',
    },
  },
  create(/** @type {any} */ context) {
    return {
      MemberExpression(/** @type {any} */ node) {
        if (ERRORS.test(node.object.name) && TEXTS.test(node.property.name))
          context.report({ node, messageId: 'property' });
      },
      CallExpression(/** @type {any} */ node) {
        const [first] = node.arguments;
        if (node.callee.name === 'String' && first !== undefined && ERRORS.test(first.name))
          context.report({ node, messageId: 'string' });
      },
    };
  },
};

const noEnum = {
  meta: { type: 'problem', messages: { enum: 'Use a union of string literals.' } },
  create(/** @type {any} */ context) {
    return {
      TSEnumDeclaration(/** @type {any} */ node) {
        context.report({ node, messageId: 'enum' });
      },
    };
  },
};

export default { meta: { name: 'firn' }, rules: { 'error-text': errorText, 'no-enum': noEnum } };
