#!/bin/sh
# Fetches the jars of Apache Kafka that the test of the sink kafka starts a broker with, from Maven Central: 45 files,
# 43 MB.
#
# usage: fetch.sh FOLDER
set -eu
folder=$(realpath -m "$1")
exec mvn -q -B -f "$(dirname "$0")/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder"
