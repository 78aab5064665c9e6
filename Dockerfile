FROM python:3.13-slim
WORKDIR /app
COPY pyproject.toml constraints.txt README.md ./
COPY ingest ingest
COPY graph graph
COPY queries queries
COPY api api
RUN pip install --no-cache-dir -c constraints.txt . && useradd --create-home policygraph
USER policygraph
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["policygraph"]
CMD ["serve", "--host", "0.0.0.0"]
