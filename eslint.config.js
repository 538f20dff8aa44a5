import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const typed = {
  files: ["**/*.ts"],
  extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: {
    "@typescript-eslint/no-floating-promises": "error",
    // isolatedDeclarations asks for the very annotations that this rule removes.
    "@typescript-eslint/no-inferrable-types": "off",
    // tsc finds these (noUnusedLocals, noUnusedParameters), and knows `_x`.
    "@typescript-eslint/no-unused-vars": "off",
    // An async function without await is how a callback of a promise-returning type is written.
    "@typescript-eslint/require-await": "off",
    // User code may throw anything; a library must pass it on as it came.
    "@typescript-eslint/only-throw-error": "off",
    "@typescript-eslint/prefer-promise-reject-errors": "off",
    "@typescript-eslint/consistent-type-imports": "error",
    "@typescript-eslint/switch-exhaustiveness-check": "error",
    // A backend's minimal declarations of its host are a file of declarations, not a module.
    "@typescript-eslint/triple-slash-reference": ["error", { path: "always", types: "never", lib: "never" }],
    eqeqeq: "error",
  },
};

export default defineConfig(
  globalIgnores(["**/dist/", "**/coverage/", "**/fixtures/", ".examples/"]),
  { files: ["**/*.js"], extends: [js.configs.recommended] },
  typed,
  {
    files: ["packages/*/test/**", "examples/**", "tools/**"],
    rules: {
      // A test may float a promise's rejection on purpose through `void`, and asserts through `any` of JSON.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
    },
  },
);
