// Shows the OpenAPI document that the page names.
const place = document.getElementById("swagger-ui");
SwaggerUIBundle({ domNode: place, url: place.dataset.openapiHref, validatorUrl: null });
