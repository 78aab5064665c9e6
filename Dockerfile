FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY pyproject.toml constraints.txt README.md ./
COPY ingest ingest
COPY graph graph
COPY queries queries
COPY api api
# A number, so that an orchestrator can see that it is not root. /data is all that it may write, beside /tmp.
RUN pip install -c constraints.txt . && useradd --uid 10001 --no-create-home --home-dir /tmp policygraph && install -d -o 10001 -g 10001 /data
USER 10001:10001
WORKDIR /data
ENV POLICYGRAPH_STORE=/data/policygraph.lbug POLICYGRAPH_UPLOADS=/data/uploads POLICYGRAPH_CACHE=/tmp/policygraph
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["policygraph"]
CMD ["serve", "--host", "0.0.0.0"]
