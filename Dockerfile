# docker build -t panj .
# docker run --rm -v "$PWD/results:/home/panj/results" panj demo --folder results/demo
FROM python:3.12-slim
RUN useradd --uid 1000 --create-home panj
COPY . /opt/panj
RUN pip install --no-cache-dir "/opt/panj[view,explore]"
USER 1000
WORKDIR /home/panj
ENTRYPOINT ["panj"]
CMD ["--help"]
