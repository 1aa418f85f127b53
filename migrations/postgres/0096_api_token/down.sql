DROP TABLE "auth_apitoken";
