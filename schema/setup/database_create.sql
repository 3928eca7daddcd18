-- In the private cluster only; the name is DATABASE_NAME of service/database.h.
CREATE DATABASE yaoku
