#include "engine/http/message/content_disposition.hpp"

#include <doctest/doctest.h>

#include <string>

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
  for (const char* field : {"", "attachment", "attachment; filename=", "attachment; filename=\"\"",
                            "attachment; name=x", "attachment; filename*=x", "attachment;;;"}) {
    CAPTURE(field);
    CHECK_FALSE(disposition_filename(field).has_value());
  }
}

TEST_CASE("Content-Disposition: the type may be missing, as curl and browsers take it") {
  CHECK(disposition_filename("filename=right.txt") == "right.txt");
  CHECK(disposition_filename("filename=\"right.txt\"; size=3") == "right.txt");
  CHECK(disposition_filename("filename*=utf-8''right.txt") == "right.txt");
}

TEST_CASE("Content-Disposition: bytes that are no UTF-8 are read as Windows-1252, so that names stay apart") {
  CHECK(disposition_filename("attachment; filename=\"\xe4.txt\"") == "ä.txt");
  CHECK(disposition_filename("attachment; filename=\xf6.txt") == "ö.txt");
  CHECK(disposition_filename("attachment; filename=\"5\x80.txt\"") == "5€.txt");
  CHECK(disposition_filename("attachment; filename=\"\xc3\xa4.txt\"") == "ä.txt");
  CHECK(disposition_filename("attachment; filename=\"\xc3\xa4\xe4.txt\"") == "Ã¤ä.txt");
}

TEST_CASE("Content-Disposition: encoded words of mail are read wherever they stand in a name") {
  CHECK(disposition_filename("attachment; filename=\"=?UTF-8?B?w6QudHh0?=\"") == "ä.txt");
  CHECK(disposition_filename("attachment; filename==?utf-8?q?a_=C3=A4?=.txt") == "a ä.txt");
  CHECK(disposition_filename("attachment; filename=\"=?iso-8859-1?Q?=E4?= =?UTF-8*de?B?w7Y?=.txt\"") ==
        "äö.txt");
  CHECK(disposition_filename("attachment; filename=\"x =?utf-8?q?y?= z\"") == "x y z");
  CHECK(disposition_filename("attachment; filename=\"=?utf-8?Q?..=2Fetc=2Fpasswd?=\"") == "passwd");
  for (const char* none :
       {"=?utf-8?B?%?=", "=?utf-8?X?y?=", "=?koi8-r?Q?y?=", "=?utf-8?Q?y", "=?utf-8?Q", "=?utf-8", "=?"}) {
    CAPTURE(none);
    CHECK(disposition_filename(std::string("attachment; filename=\"") + none + "\"") == none);
  }
}

TEST_CASE("Content-Disposition: a quote that nobody closes goes to the end") {
  CHECK(disposition_filename("attachment; filename=\"a b.txt") == "a b.txt");
  CHECK_FALSE(disposition_filename("attachment; filename=\"").has_value());
}

TEST_CASE("Content-Disposition: a path of Windows is one, whether its backslashes are escaped or not") {
  CHECK(disposition_filename(R"(attachment; filename="C:\\dir\\x.exe")") == "x.exe");
  CHECK(disposition_filename(R"(attachment; filename="C:\new\table.txt")") == "table.txt");
  CHECK(disposition_filename(R"(attachment; filename=C:\dir\x.exe)") == "x.exe");
  CHECK(disposition_filename(R"(attachment; filename="\\server\share\x.exe")") == "x.exe");
}

TEST_CASE("Content-Disposition: a name that begins with a dot or a dash hides no file and is no option") {
  CHECK(disposition_filename("attachment; filename=.bashrc") == "_bashrc");
  CHECK(disposition_filename("attachment; filename=-rf") == "_rf");
  CHECK(disposition_filename("attachment; filename=\" -rf \"") == "_rf");
  CHECK(disposition_filename("attachment; filename=..") == "_.");
  CHECK(disposition_filename("attachment; filename=.") == "_");
}
