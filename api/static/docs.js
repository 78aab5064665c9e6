// validatorUrl: null keeps the page from asking a validator elsewhere.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", validatorUrl: null, deepLinking: true, defaultModelsExpandDepth: 0 });
