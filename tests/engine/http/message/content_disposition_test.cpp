#include "engine/http/message/content_disposition.hpp"

#include <doctest/doctest.h>

using leat::http::disposition_filename;

TEST_CASE("Content-Disposition: it reads a name as a word, in quotes, and in extended form") {
  CHECK(disposition_filename("attachment; filename=a.txt") == "a.txt");
  CHECK(disposition_filename("Attachment;FILENAME = \"a b.txt\" ; x=y") == "a b.txt");
  CHECK(disposition_filename(R"(inline; filename="a;\"b\".txt")") == "a;\"b\".txt");
  CHECK(disposition_filename("attachment; filename*=UTF-8''%e2%82%ac%20rates") == "€ rates");
  CHECK(disposition_filename("attachment; filename*=iso-8859-1'en'%A3%20rates") == "£ rates");
}

TEST_CASE("Content-Disposition: filename* counts more than filename, unless it can't be read") {
  CHECK(disposition_filename("attachment; filename=plain; filename*=utf-8''better") == "better");
  CHECK(disposition_filename("attachment; filename*=utf-8''better; filename=plain") == "better");
  CHECK(disposition_filename("attachment; filename=plain; filename*=utf-8''%zz") == "plain");
  CHECK(disposition_filename("attachment; filename=plain; filename*=koi8-r''x") == "plain");
}

TEST_CASE("Content-Disposition: only the last part of a path is used as the name") {
  CHECK(disposition_filename("attachment; filename=\"../../etc/passwd\"") == "passwd");
  CHECK(disposition_filename("attachment; filename*=utf-8''..%2f..%2fpasswd") == "passwd");
  CHECK(disposition_filename(R"(attachment; filename="C:\\dir\\x.exe")") == "x.exe");
  CHECK_FALSE(disposition_filename("attachment; filename=\"dir/\"").has_value());
}

TEST_CASE("Content-Disposition: a field without a name gives none") {
  for (const char* field :
       {"", "attachment", "filename=x", "attachment; filename=", "attachment; filename=\"\"",
        "attachment; name=x", "attachment; filename*=x", "attachment;;;"}) {
    CAPTURE(field);
    CHECK_FALSE(disposition_filename(field).has_value());
  }
}
